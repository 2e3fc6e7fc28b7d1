SELECT age FROM people p LEFT JOIN (SELECT customer, count(*) AS n FROM orders GROUP BY customer) o ON o.customer = p.name
ORDER BY coalesce(o.n, 0) DESC, age LIMIT 3;
