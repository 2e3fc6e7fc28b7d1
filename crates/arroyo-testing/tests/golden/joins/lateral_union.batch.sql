SELECT id, customer AS text FROM orders WHERE id < 5 AND customer IS NOT NULL
UNION ALL SELECT id, item FROM orders WHERE id > 2 AND id < 5 AND item IS NOT NULL;
