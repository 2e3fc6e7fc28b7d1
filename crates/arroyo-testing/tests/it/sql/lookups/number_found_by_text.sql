INSERT INTO out
SELECT o.id, o.code, a.word
FROM (SELECT id, CASE WHEN id < 10 THEN '0' || amount::TEXT WHEN id < 20 THEN amount::TEXT ELSE item END AS code FROM orders) o
LEFT JOIN amounts a ON o.code = CAST(a.amount AS TEXT);
