--- use tables.sql
INSERT INTO changes
SELECT o.id FROM orders o
WHERE 10 IN (SELECT p.amount FROM payments p WHERE p.order_id = o.id ORDER BY p.amount NULLS LAST LIMIT 1);

--- expect changes
{"id":12}
{"id":16}
{"id":23}
{"id":29}
{"id":8}
{"id":8}
