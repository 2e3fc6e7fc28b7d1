INSERT INTO changes
SELECT o.id, p.id AS payment, n.city FROM orders o LEFT JOIN payments p ON o.id = p.order_id LEFT JOIN people n ON n.name = p.payer;
