INSERT INTO changes
SELECT count(*) AS n, sum(price) AS total, min(price) AS low, max(price) AS top, avg(price) AS mean FROM bids;
