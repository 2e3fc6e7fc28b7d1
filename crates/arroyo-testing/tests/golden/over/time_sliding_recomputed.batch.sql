SELECT id, coalesce(price > 60 OR before > 60, price > 60, before > 60) AS dear, coalesce(price & before, price, before) AS bits,
    nullif(concat_ws(',', CAST(before AS TEXT), CAST(price AS TEXT)), '') AS prices
FROM (SELECT id, price, lag(price) OVER (PARTITION BY bidder ORDER BY at, id) AS before FROM bids);
