INSERT INTO out
SELECT o.id, c.city, i.label FROM orders o, customers c, items i
WHERE o.customer = c.name AND i.item = o.item AND c.level < 3 AND o.amount > 5 AND (i.weight < 1 OR c.level = 1);
