INSERT INTO changes
SELECT session(INTERVAL '5 seconds') AS window, customer, array_agg(amount ORDER BY id) AS amounts, count(DISTINCT amount) AS different FROM orders GROUP BY 1, 2;
