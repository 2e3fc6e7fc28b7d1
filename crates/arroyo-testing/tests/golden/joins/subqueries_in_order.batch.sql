SELECT name, age FROM people p
LEFT JOIN (SELECT DISTINCT payer FROM payments) y ON y.payer = p.name
LEFT JOIN (SELECT customer, count(*) AS n FROM orders GROUP BY customer) o ON o.customer = p.name
ORDER BY y.payer IS NOT NULL, coalesce(o.n, 0) DESC, age LIMIT 4;
