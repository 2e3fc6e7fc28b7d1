INSERT INTO out
SELECT o.id, c.city, c.level FROM orders o JOIN customers c ON o.customer = c.name AND c.level < 3 AND o.amount > c.level * 4 AND o.id > 5;
