INSERT INTO out
SELECT c.city, o.id FROM customers c JOIN orders o ON o.customer = c.name;
