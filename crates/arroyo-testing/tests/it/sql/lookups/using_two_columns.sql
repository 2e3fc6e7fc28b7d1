INSERT INTO out
SELECT id, item, amount, price FROM orders LEFT JOIN prices USING (amount, item);
