INSERT INTO changes
SELECT customer, count(*) AS n, sum(amount) AS total, max(amount) AS top, min(id) AS first FROM orders GROUP BY customer;
