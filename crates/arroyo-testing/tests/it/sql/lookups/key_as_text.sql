INSERT INTO out
SELECT o.id, o.amount, k.word FROM orders o LEFT JOIN codes k ON CAST(o.amount AS TEXT) = k.code;
