INSERT INTO out
SELECT id, count(*) OVER (PARTITION BY bidder ORDER BY at) AS of_bidder, count(*) OVER (PARTITION BY auction ORDER BY at) AS of_auction, lag(id) OVER (ORDER BY at) AS before FROM bids;
