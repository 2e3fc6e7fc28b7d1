WITH below AS (SELECT o.id, max(p.amount) AS below FROM (SELECT DISTINCT * FROM orders) o JOIN payments p ON p.amount < o.amount GROUP BY o.id),
own AS (SELECT o.id, count(*) AS n FROM (SELECT DISTINCT * FROM orders) o JOIN payments p ON p.amount < o.amount AND p.payer = o.customer GROUP BY o.id),
near AS (SELECT o.id, sum(p.amount) AS total FROM (SELECT DISTINCT * FROM orders) o JOIN payments p ON p.at BETWEEN o.at - INTERVAL '1 second' AND o.at GROUP BY o.id)
SELECT o.id, o.amount, b.below, coalesce(w.n, 0) AS of_own, n.total AS around
FROM orders o LEFT JOIN below b ON b.id = o.id LEFT JOIN own w ON w.id = o.id LEFT JOIN near n ON n.id = o.id;
