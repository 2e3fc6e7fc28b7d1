SELECT id, amount, CASE WHEN id > 2 AND amount * 2 > 20 THEN amount * 2 END AS twice,
CASE WHEN id > 2 AND amount * 2 > 20 THEN customer END AS name FROM orders WHERE id < 9;
