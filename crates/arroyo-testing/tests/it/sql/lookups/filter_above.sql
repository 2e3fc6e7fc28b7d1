INSERT INTO out
SELECT o.id, p.price FROM orders o JOIN prices p ON o.item = p.item AND o.amount = p.amount
WHERE p.valid AND o.customer <> 'bob' AND (p.price < 5 OR o.id > 23);
