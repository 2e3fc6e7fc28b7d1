WITH x AS (SELECT date_bin(INTERVAL '10 seconds', at) AS start, payer, sum(amount) AS total FROM payments GROUP BY 1, 2),
n AS (SELECT o.id, count(*) AS n FROM (SELECT DISTINCT * FROM orders) o JOIN x ON x.total < o.amount AND x.start + INTERVAL '10 seconds' <= o.at GROUP BY o.id)
SELECT o.id, o.amount, coalesce(n.n, 0) AS less_before FROM orders o LEFT JOIN n ON n.id = o.id;
