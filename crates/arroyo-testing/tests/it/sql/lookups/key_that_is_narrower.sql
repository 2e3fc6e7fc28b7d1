INSERT INTO out
SELECT o.id, o.total, a.word, a.amount
FROM (SELECT id, CASE WHEN id < 10 THEN amount::BIGINT + 4294967296 ELSE amount END AS total FROM orders) o
LEFT JOIN small_amounts a ON o.total = a.amount;
