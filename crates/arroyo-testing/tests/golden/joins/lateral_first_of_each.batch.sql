SELECT o.id, l.amount
FROM orders o LEFT JOIN (
    SELECT order_id, amount, row_number() OVER (PARTITION BY order_id ORDER BY amount DESC) AS place
    FROM payments WHERE amount IS NOT NULL
) l ON l.order_id = o.id AND l.place = 2;
