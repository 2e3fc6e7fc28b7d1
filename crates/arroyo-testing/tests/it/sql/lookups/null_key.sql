INSERT INTO out
SELECT o.id, o.amount, a.word FROM orders o LEFT JOIN amounts a ON o.amount = a.amount WHERE o.id IN (9, 10, 11, 31, 32);
