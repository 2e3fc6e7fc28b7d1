--- use tables.sql
INSERT INTO changes
SELECT o.id, (SELECT p.amount FROM payments p WHERE o.id = p.order_id AND p.amount < 20 ORDER BY p.amount DESC LIMIT 1) AS largest
FROM orders o;

--- expect changes
{"id":0,"largest":null}
{"id":1,"largest":null}
{"id":10,"largest":5}
{"id":11,"largest":8}
{"id":12,"largest":10}
{"id":13,"largest":8}
{"id":14,"largest":null}
{"id":15,"largest":null}
{"id":15,"largest":null}
{"id":16,"largest":10}
{"id":17,"largest":null}
{"id":18,"largest":5}
{"id":19,"largest":null}
{"id":2,"largest":null}
{"id":20,"largest":null}
{"id":21,"largest":10}
{"id":22,"largest":10}
{"id":23,"largest":10}
{"id":24,"largest":null}
{"id":25,"largest":null}
{"id":26,"largest":null}
{"id":27,"largest":null}
{"id":28,"largest":null}
{"id":29,"largest":10}
{"id":3,"largest":null}
{"id":30,"largest":null}
{"id":31,"largest":null}
{"id":32,"largest":10}
{"id":33,"largest":10}
{"id":34,"largest":8}
{"id":35,"largest":null}
{"id":4,"largest":8}
{"id":4,"largest":8}
{"id":5,"largest":null}
{"id":6,"largest":null}
{"id":7,"largest":8}
{"id":8,"largest":10}
{"id":8,"largest":10}
{"id":9,"largest":5}
