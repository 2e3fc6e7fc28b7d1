WITH w AS (SELECT customer, date_bin(INTERVAL '10 seconds', at) AS start, sum(amount) AS total FROM orders GROUP BY 1, 2),
n AS (SELECT w.customer, w.start, count(*) AS n FROM w JOIN payments p ON p.at < w.start + INTERVAL '10 seconds' AND p.payer = w.customer GROUP BY 1, 2)
SELECT w.customer, w.start, w.total, coalesce(n.n, 0) AS paid_before FROM w LEFT JOIN n ON n.customer = w.customer AND n.start = w.start;
