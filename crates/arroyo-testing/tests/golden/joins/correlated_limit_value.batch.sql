WITH l AS (SELECT o.id, y.id AS payment, row_number() OVER (PARTITION BY o.id ORDER BY y.at DESC, y.id) AS n FROM (SELECT DISTINCT * FROM orders) o JOIN payments y ON y.at <= o.at)
SELECT o.id, l.payment AS last_payment FROM orders o LEFT JOIN l ON l.id = o.id AND l.n = 1;
