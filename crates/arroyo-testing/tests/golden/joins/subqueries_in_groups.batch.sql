SELECT CASE WHEN name IN ('ann', 'bob', 'cid', 'zoe') THEN true END AS ordered, y.payer IS NOT NULL AS paid, count(*) AS n, sum(age) AS ages
FROM people p LEFT JOIN (SELECT DISTINCT payer FROM payments) y ON y.payer = p.name GROUP BY 1, 2;
