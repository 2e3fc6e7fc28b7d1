SELECT city, orders, level FROM (
    SELECT date_bin(INTERVAL '10 seconds', at) AS w, c.city, count(*) AS orders, max(c.level) AS level
    FROM orders o LEFT JOIN customers c ON o.customer = c.name GROUP BY 1, 2
);
