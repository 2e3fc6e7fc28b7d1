INSERT INTO out
SELECT o.id, i.* FROM orders o JOIN items i ON o.item = i.item WHERE o.id < 12;
