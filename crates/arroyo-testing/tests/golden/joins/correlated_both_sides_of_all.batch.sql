WITH m AS (SELECT customer, max(amount) AS most FROM orders GROUP BY customer),
y AS (SELECT payer, max(amount) AS most, bool_or(amount IS NULL) AS has_null FROM payments GROUP BY payer)
SELECT p.name FROM people p LEFT JOIN m ON m.customer = p.name LEFT JOIN y ON y.payer = p.name
WHERE y.payer IS NULL OR (m.most >= y.most AND NOT y.has_null);
