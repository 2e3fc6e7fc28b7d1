--- use tables.sql
INSERT INTO changes
SELECT p.name, p.age, c.n, c.most
FROM people p
CROSS JOIN LATERAL (SELECT count(*) AS n, max(o.amount) AS most FROM orders o WHERE o.amount < p.age - 20) AS c;

--- expect changes
{"name":"cid","age":22,"n":0,"most":null}
{"name":"ann","age":31,"n":25,"most":10}
{"name":"eve","age":39,"n":25,"most":10}
{"name":"bob","age":45,"n":36,"most":20}
{"name":"bob","age":45,"n":36,"most":20}
{"name":"dee","age":58,"n":36,"most":20}
{"name":null,"age":70,"n":36,"most":20}
