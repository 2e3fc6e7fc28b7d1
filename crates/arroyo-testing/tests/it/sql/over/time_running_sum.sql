INSERT INTO out
SELECT id, bidder, sum(price) OVER (PARTITION BY bidder ORDER BY at) AS spent, count(*) OVER (PARTITION BY bidder ORDER BY at) AS bids, avg(price) OVER (PARTITION BY bidder ORDER BY at) AS mean FROM bids;
