INSERT INTO changes
SELECT customer, count(*) AS orders
FROM (SELECT customer FROM orders UNION ALL VALUES ('ann'), ('zed')) AS all_of_them
GROUP BY customer;
