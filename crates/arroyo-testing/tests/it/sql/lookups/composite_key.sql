INSERT INTO out
SELECT o.id, o.item, o.amount, p.price, p.valid FROM orders o LEFT JOIN prices p ON p.amount = o.amount AND p.item = o.item;
