INSERT INTO out
SELECT o.id FROM orders o JOIN customers c ON o.customer = c.name;
