INSERT INTO out
SELECT c.city, o.id, c.level FROM customers c RIGHT JOIN orders o ON o.customer = c.name;
