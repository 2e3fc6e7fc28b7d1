INSERT INTO changes
SELECT DISTINCT customer FROM orders;
