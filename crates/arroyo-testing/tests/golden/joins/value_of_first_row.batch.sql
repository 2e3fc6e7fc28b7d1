SELECT o.id, l.largest
FROM orders o LEFT JOIN (
    SELECT order_id, max(amount) AS largest FROM payments WHERE amount < 20 GROUP BY order_id
) l ON l.order_id = o.id;
