INSERT INTO changes
SELECT session(INTERVAL '2 seconds') AS window, customer, count(*) AS n, sum(amount) AS amount FROM orders GROUP BY 1, 2;
