INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o LEFT JOIN payments p ON o.id = p.order_id WHERE p.amount > 5;
