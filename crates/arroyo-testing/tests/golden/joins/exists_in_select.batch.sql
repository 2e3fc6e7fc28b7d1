SELECT p.name, p.city, coalesce(o.n, 0) > 0 AS ordered, coalesce(y.n, 0) = 0 AS unpaid, CASE WHEN coalesce(o.cups, 0) > 0 THEN 'cup' ELSE 'none' END AS item, r.n > 0 AS rich
FROM people p
LEFT JOIN (SELECT customer, count(*) AS n, count(*) FILTER (WHERE item = 'cup') AS cups FROM orders GROUP BY customer) o ON o.customer = p.name
LEFT JOIN (SELECT payer, count(*) AS n FROM payments WHERE amount > 10 GROUP BY payer) y ON y.payer = p.name
CROSS JOIN (SELECT count(*) AS n FROM payments WHERE amount > 1000000) r;
