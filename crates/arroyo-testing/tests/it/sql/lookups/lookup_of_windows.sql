INSERT INTO out
SELECT w.n, c.city
FROM (SELECT tumble(INTERVAL '10 seconds') AS bounds, customer, count(*) AS n FROM orders GROUP BY bounds, customer) w
JOIN customers c ON w.customer = c.name;
