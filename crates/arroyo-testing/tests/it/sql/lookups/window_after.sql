INSERT INTO out
SELECT city, orders, level FROM (
    SELECT tumble(INTERVAL '10 seconds') AS w, c.city, count(*) AS orders, max(c.level) AS level
    FROM orders o LEFT JOIN customers c ON o.customer = c.name GROUP BY w, c.city
);
