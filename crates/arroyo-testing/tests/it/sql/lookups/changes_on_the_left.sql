INSERT INTO changes
SELECT t.customer, t.n, t.total, c.city
FROM (SELECT customer, count(*) AS n, sum(amount) AS total FROM orders GROUP BY customer) t LEFT JOIN customers c ON t.customer = c.name;
