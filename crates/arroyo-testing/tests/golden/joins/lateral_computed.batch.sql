SELECT id, amount * 2 AS twice, amount * 2 + id AS sum FROM orders WHERE id > 1 AND id < 5;
