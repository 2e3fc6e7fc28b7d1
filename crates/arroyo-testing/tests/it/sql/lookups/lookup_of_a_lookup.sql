INSERT INTO out
SELECT o.id, c.city, r.region, r.file
FROM orders o JOIN customers c ON o.customer = c.name LEFT JOIN regions r ON c.city = r.city;
