INSERT INTO changes
SELECT o.id, l.paid FROM orders o LEFT JOIN LATERAL (SELECT p.amount AS paid FROM payments p WHERE p.order_id = o.id) l ON true;
