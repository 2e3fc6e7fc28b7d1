INSERT INTO out
SELECT o.id, l.paid FROM orders o CROSS JOIN LATERAL (SELECT p.amount AS paid FROM payments p WHERE p.order_id = o.id) l;
