INSERT INTO out
SELECT id, bidder, sum(price) OVER (PARTITION BY bidder ORDER BY at ROWS 2 PRECEDING) AS last_three FROM bids;
