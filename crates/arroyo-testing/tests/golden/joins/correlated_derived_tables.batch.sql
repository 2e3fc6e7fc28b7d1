WITH more AS (SELECT a.amount, count(DISTINCT p.payer) AS n, bool_or(p.id IS NOT NULL AND p.payer IS NULL) AS of_null
    FROM (SELECT DISTINCT amount FROM orders) a LEFT JOIN payments p ON p.amount > a.amount GROUP BY a.amount),
most AS (SELECT amount, max(n) AS n FROM (SELECT amount, payer, count(*) AS n FROM payments GROUP BY amount, payer) AS p GROUP BY amount)
SELECT o.id, o.amount, more.n + CASE WHEN more.of_null THEN 1 ELSE 0 END AS payers, most.n AS most
FROM orders o JOIN more ON more.amount = o.amount LEFT JOIN most ON most.amount = o.amount
WHERE EXISTS (SELECT 1 FROM payments p WHERE p.amount = o.amount AND p.at <= o.at);
