INSERT INTO out
SELECT o.id, o.amount, a.word FROM orders o JOIN amounts a ON o.amount = a.amount;
