INSERT INTO changes
SELECT session(INTERVAL '5 seconds') AS window, count(*) AS n, max(amount) AS most FROM orders GROUP BY 1;
