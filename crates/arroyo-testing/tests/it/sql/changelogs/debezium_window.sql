INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1;
