SELECT w.n, c.city
FROM (SELECT date_bin(INTERVAL '10 seconds', at) AS s, customer, count(*) AS n FROM orders GROUP BY 1, 2) w
JOIN customers c ON w.customer = c.name;
