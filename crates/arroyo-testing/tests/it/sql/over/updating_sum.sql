INSERT INTO changes
SELECT id, auction, sum(price) OVER (PARTITION BY auction) AS total, count(*) OVER () AS bids FROM bids;
