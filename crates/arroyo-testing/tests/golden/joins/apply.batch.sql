SELECT id, amount * 2 AS twice, CASE WHEN amount > 5 THEN amount + 1 END AS more FROM orders WHERE id < 8;
