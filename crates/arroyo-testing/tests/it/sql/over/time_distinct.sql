INSERT INTO out
SELECT id, bidder, count(DISTINCT channel) OVER (PARTITION BY bidder ORDER BY at) AS channels, count(*) FILTER (WHERE price > 50) OVER (PARTITION BY bidder ORDER BY at) AS dear FROM bids;
