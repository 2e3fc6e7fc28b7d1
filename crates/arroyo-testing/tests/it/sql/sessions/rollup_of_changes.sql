INSERT INTO changes
SELECT session(INTERVAL '2 seconds') AS window, customer, count(*) AS n FROM orders GROUP BY session(INTERVAL '2 seconds'), ROLLUP (customer);
