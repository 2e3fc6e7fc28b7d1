SELECT b.id, coalesce(e.hot, false) AS hot, CASE WHEN e.id IS NOT NULL AND b.id % 2 = 1 THEN NULL ELSE coalesce(e.new, false) END AS new, NOT coalesce(e.x, false) AS no_x, NOT coalesce(e.earlier, false) AS later
FROM bids b LEFT JOIN (
    SELECT id, bool_or(t LIKE 'h%' AND price > 10) AS hot, bool_or(t = 'new') AS new, bool_or(t = 'x') AS x, bool_or(NOT 'm' < t) AS earlier,
        count(*) FILTER (WHERE length(t) > 1) AS long
    FROM (SELECT id, price, unnest(tags) AS t FROM bids) GROUP BY id
) e ON e.id = b.id
WHERE e.id IS NULL OR e.long > 0;
