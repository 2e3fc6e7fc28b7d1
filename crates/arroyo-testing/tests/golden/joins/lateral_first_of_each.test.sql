--- use tables.sql
INSERT INTO changes
SELECT o.id, l.amount
FROM orders o LEFT JOIN LATERAL (
    SELECT p.amount FROM payments p WHERE p.order_id = o.id AND p.amount IS NOT NULL ORDER BY p.amount DESC LIMIT 1 OFFSET 1
) l ON true;

--- expect changes
{"id":32,"amount":10}
{"id":8,"amount":10}
{"id":8,"amount":10}
{"id":21,"amount":5}
{"id":22,"amount":5}
{"id":34,"amount":5}
{"id":11,"amount":8}
{"id":33,"amount":8}
{"id":4,"amount":8}
{"id":4,"amount":8}
{"id":0,"amount":null}
{"id":10,"amount":null}
{"id":12,"amount":null}
{"id":13,"amount":null}
{"id":14,"amount":null}
{"id":15,"amount":null}
{"id":15,"amount":null}
{"id":16,"amount":null}
{"id":17,"amount":null}
{"id":18,"amount":null}
{"id":19,"amount":null}
{"id":1,"amount":null}
{"id":20,"amount":null}
{"id":23,"amount":null}
{"id":24,"amount":null}
{"id":25,"amount":null}
{"id":26,"amount":null}
{"id":27,"amount":null}
{"id":28,"amount":null}
{"id":29,"amount":null}
{"id":2,"amount":null}
{"id":30,"amount":null}
{"id":31,"amount":null}
{"id":35,"amount":null}
{"id":3,"amount":null}
{"id":5,"amount":null}
{"id":6,"amount":null}
{"id":7,"amount":null}
{"id":9,"amount":null}
