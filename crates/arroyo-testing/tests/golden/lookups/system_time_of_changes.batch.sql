SELECT t.customer, t.n, c.city FROM (SELECT customer, count(*) AS n FROM orders GROUP BY customer) t
JOIN customers c ON t.customer = c.name AND c.city <> 'Rome';
