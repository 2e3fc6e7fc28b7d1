SELECT o.id
FROM orders o JOIN (SELECT order_id, min(amount) AS smallest FROM payments GROUP BY order_id) l ON l.order_id = o.id
WHERE l.smallest = 10;
