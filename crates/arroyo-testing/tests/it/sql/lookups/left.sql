INSERT INTO out
SELECT o.id, o.customer, c.name, c.city, c.level FROM orders o LEFT JOIN customers c ON o.customer = c.name;
