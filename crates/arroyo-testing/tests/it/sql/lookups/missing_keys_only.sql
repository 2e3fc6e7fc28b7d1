INSERT INTO out
SELECT o.id, o.customer FROM orders o LEFT JOIN customers c ON o.customer = c.name WHERE c.name IS NULL;
