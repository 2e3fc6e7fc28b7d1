SELECT city,
    count(*) FILTER (WHERE name IN ('ann', 'bob', 'cid', 'zoe')) AS customers,
    count(*) FILTER (WHERE y.payer IS NOT NULL) AS payers,
    sum(CASE WHEN y.best > 9 THEN age END) AS ages,
    max(age - 5) AS above
FROM people p LEFT JOIN (SELECT payer, max(amount) AS best FROM payments GROUP BY payer) y ON y.payer = p.name
GROUP BY city HAVING count(*) FILTER (WHERE y.payer IS NOT NULL) < 2;
