INSERT INTO out
SELECT o.id, a.word AS own, b.word AS twice FROM orders o
LEFT JOIN amounts a ON o.amount = a.amount LEFT JOIN amounts b ON o.amount * 2 = b.amount;
