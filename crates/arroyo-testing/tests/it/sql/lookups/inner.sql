INSERT INTO out
SELECT o.id, o.customer, c.city, c.level FROM orders o JOIN customers c ON o.customer = c.name;
