INSERT INTO out
SELECT o.id, i.label, c.city, i.item, c.name, c.level, i.weight
FROM orders o LEFT JOIN customers c ON c.name = o.customer LEFT JOIN items i ON o.item = i.item;
