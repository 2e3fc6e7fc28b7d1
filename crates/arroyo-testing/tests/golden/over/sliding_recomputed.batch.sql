SELECT id, coalesce(price > 60 OR before > 60, price > 60, before > 60) AS dear, coalesce(price & before, price, before) AS bits,
    nullif(concat_ws(',', CAST(before AS TEXT), CAST(price AS TEXT)), '') AS prices,
    CASE WHEN price = before THEN price ELSE coalesce(price + before, price, before) END * 1e0 AS total
FROM (SELECT id, price, lag(price) OVER (ORDER BY id) AS before FROM bids);
