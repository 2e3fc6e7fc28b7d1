SELECT id, coalesce(x + before, x, before) AS total, coalesce((x + before) / 2, x, before) AS mean
FROM (SELECT id, x, lag(x) OVER (PARTITION BY bidder ORDER BY at, id) AS before
    FROM (SELECT id, bidder, at, CASE WHEN id % 10 = 3 THEN 1e16 ELSE price END AS x FROM bids));
