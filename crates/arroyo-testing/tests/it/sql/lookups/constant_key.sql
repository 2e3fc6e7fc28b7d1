INSERT INTO out
SELECT o.id, p.price FROM orders o JOIN prices p ON o.amount = p.amount AND p.item = 'cup';
