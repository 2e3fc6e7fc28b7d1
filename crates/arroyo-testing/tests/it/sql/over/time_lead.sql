INSERT INTO out
SELECT id, bidder, lead(id) OVER (PARTITION BY bidder ORDER BY at) AS next, lead(price, 2, 0) OVER (PARTITION BY bidder ORDER BY at) AS after_next FROM bids;
