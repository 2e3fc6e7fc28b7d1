WITH outdone AS (SELECT DISTINCT o.id FROM (SELECT DISTINCT * FROM orders) o JOIN payments p ON p.amount > o.amount AND p.payer = o.customer),
others AS (SELECT o.id, max(p.amount) AS most, bool_or(p.amount IS NULL) AS has_null FROM (SELECT DISTINCT * FROM orders) o JOIN payments p ON p.payer <> o.customer GROUP BY o.id),
past AS (SELECT o.id, bool_or(p.amount = o.amount) AS equal, bool_or(p.amount IS NULL) AS has_null FROM (SELECT DISTINCT * FROM orders) o JOIN payments p ON p.at < o.at GROUP BY o.id)
SELECT o.id, d.id IS NOT NULL AS outdone,
    CASE WHEN t.id IS NULL THEN false WHEN o.amount < t.most THEN true WHEN o.amount IS NULL OR t.has_null THEN NULL ELSE false END AS less,
    CASE WHEN p.id IS NULL THEN false WHEN p.equal THEN true WHEN o.amount IS NULL OR p.has_null THEN NULL ELSE false END AS before
FROM orders o LEFT JOIN outdone d ON d.id = o.id LEFT JOIN others t ON t.id = o.id LEFT JOIN past p ON p.id = o.id;
