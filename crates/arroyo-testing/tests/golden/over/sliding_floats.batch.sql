SELECT id, x + coalesce(before, 0) AS total, CASE WHEN before IS NULL THEN x ELSE (x + before) / 2 END AS mean, x = coalesce(before, x) AS same,
    CASE WHEN id % 2 = 0 THEN x ELSE before END AS even, greatest(id - 5e-1, 0) AS middle
FROM (SELECT id, x, lag(x) OVER (ORDER BY id) AS before FROM (SELECT id, CASE WHEN id % 10 = 3 THEN 1e16 ELSE floor(id / 4) END AS x FROM bids));
