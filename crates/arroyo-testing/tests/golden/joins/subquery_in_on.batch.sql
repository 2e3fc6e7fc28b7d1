SELECT name, o.id, o.amount FROM people p JOIN orders o ON p.name = o.customer
WHERE o.amount > (SELECT avg(amount) FROM payments) AND EXISTS (SELECT 1 FROM payments y WHERE y.payer = p.name AND y.amount = o.amount);
