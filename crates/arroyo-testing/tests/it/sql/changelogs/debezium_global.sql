INSERT INTO changes
SELECT count(*) AS n, sum(double_amount) AS total, avg(amount) AS mean, max(placed) AS last FROM orders;
