INSERT INTO out
SELECT o.id, p.id AS payment, n.city FROM orders o JOIN payments p ON o.id = p.order_id JOIN people n ON n.name = p.payer;
