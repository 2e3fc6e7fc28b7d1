INSERT INTO out
SELECT id, bidder, price - lag(price) OVER (PARTITION BY bidder ORDER BY at) AS difference, lag(id, 2, -1) OVER (PARTITION BY bidder ORDER BY at) AS before FROM bids;
