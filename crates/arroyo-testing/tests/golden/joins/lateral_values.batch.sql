SELECT id, 'amount' AS what, amount AS value FROM orders WHERE id < 4
UNION ALL SELECT id, 'twice', amount * 2 FROM orders WHERE id < 4 UNION ALL SELECT id, 'id', id AS value FROM orders WHERE id < 4;
