INSERT INTO out
SELECT id, bidder, first_value(id) OVER (PARTITION BY bidder ORDER BY at) AS first, last_value(id) OVER (PARTITION BY bidder ORDER BY at) AS last, nth_value(id, 2) OVER (PARTITION BY bidder ORDER BY at) AS second, first_value(id) OVER (PARTITION BY bidder ORDER BY at ROWS 1 PRECEDING) AS before FROM bids;
