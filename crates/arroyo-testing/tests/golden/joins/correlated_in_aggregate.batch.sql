WITH m AS (SELECT o.id, max(p.amount + o.amount) AS most FROM (SELECT DISTINCT * FROM orders) o JOIN payments p ON p.payer = o.customer GROUP BY o.id),
n AS (SELECT o.id, count(*) FILTER (WHERE p.amount > o.amount) AS n FROM (SELECT DISTINCT * FROM orders) o CROSS JOIN payments p GROUP BY o.id)
SELECT o.id, m.most, n.n AS more FROM orders o LEFT JOIN m ON m.id = o.id JOIN n ON n.id = o.id;
