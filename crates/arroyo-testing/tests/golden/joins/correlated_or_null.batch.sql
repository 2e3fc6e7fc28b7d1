WITH a AS (SELECT o.id, count(*) AS n FROM (SELECT DISTINCT * FROM orders) o JOIN bids b ON b.channel = o.item OR o.item IS NULL GROUP BY o.id),
s AS (SELECT o.id, count(*) AS n FROM (SELECT DISTINCT * FROM orders) o JOIN orders x ON x.item IS NOT DISTINCT FROM o.item GROUP BY o.id)
SELECT o.id, o.item, coalesce(a.n, 0) AS all_of_null, coalesce(s.n, 0) AS same
FROM orders o LEFT JOIN a ON a.id = o.id LEFT JOIN s ON s.id = o.id;
