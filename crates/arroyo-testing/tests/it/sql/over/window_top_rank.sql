INSERT INTO out
SELECT * FROM (SELECT window, bidder, n, rank() OVER (PARTITION BY window ORDER BY n DESC) AS place FROM totals) WHERE place < 3;
