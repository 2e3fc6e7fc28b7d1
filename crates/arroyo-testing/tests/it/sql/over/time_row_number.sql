INSERT INTO out
SELECT id, bidder, row_number() OVER (PARTITION BY bidder ORDER BY at) AS number FROM bids;
