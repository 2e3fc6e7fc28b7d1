--- use tables.sql
INSERT INTO changes
SELECT p.name, x.id, x.paid
FROM people p, LATERAL (
    SELECT o.id, y.paid
    FROM orders o, LATERAL (SELECT count(*) AS paid FROM payments z WHERE z.payer = p.name AND z.at < o.at) AS y
    WHERE o.customer = p.name) AS x;

--- expect changes
{"name":"bob","id":0,"paid":0}
{"name":"bob","id":0,"paid":0}
{"name":"cid","id":1,"paid":2}
{"name":"bob","id":10,"paid":0}
{"name":"bob","id":10,"paid":0}
{"name":"cid","id":12,"paid":3}
{"name":"cid","id":14,"paid":6}
{"name":"bob","id":15,"paid":0}
{"name":"bob","id":15,"paid":0}
{"name":"bob","id":15,"paid":0}
{"name":"bob","id":15,"paid":0}
{"name":"cid","id":16,"paid":3}
{"name":"bob","id":17,"paid":0}
{"name":"bob","id":17,"paid":0}
{"name":"bob","id":18,"paid":0}
{"name":"bob","id":18,"paid":0}
{"name":"ann","id":2,"paid":2}
{"name":"ann","id":20,"paid":9}
{"name":"ann","id":21,"paid":8}
{"name":"ann","id":22,"paid":9}
{"name":"ann","id":23,"paid":9}
{"name":"ann","id":24,"paid":10}
{"name":"ann","id":25,"paid":10}
{"name":"ann","id":26,"paid":12}
{"name":"bob","id":27,"paid":1}
{"name":"bob","id":27,"paid":1}
{"name":"ann","id":28,"paid":12}
{"name":"cid","id":29,"paid":7}
{"name":"ann","id":3,"paid":2}
{"name":"ann","id":31,"paid":12}
{"name":"ann","id":32,"paid":15}
{"name":"ann","id":33,"paid":15}
{"name":"ann","id":34,"paid":15}
{"name":"cid","id":35,"paid":9}
{"name":"ann","id":5,"paid":5}
{"name":"bob","id":6,"paid":0}
{"name":"bob","id":6,"paid":0}
{"name":"ann","id":7,"paid":2}
{"name":"ann","id":8,"paid":6}
{"name":"ann","id":8,"paid":6}
{"name":"ann","id":9,"paid":2}
