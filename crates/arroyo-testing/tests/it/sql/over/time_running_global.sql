INSERT INTO out
SELECT id, sum(price) OVER (ORDER BY at) AS total, max(price) OVER (ORDER BY at) AS highest FROM bids;
