INSERT INTO out SELECT 1 + 1 AS two, 'x' || 'y' AS xy UNION ALL SELECT id, customer FROM orders WHERE id < 3;
