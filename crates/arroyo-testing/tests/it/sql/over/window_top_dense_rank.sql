INSERT INTO out
SELECT * FROM (SELECT window, bidder, n, dense_rank() OVER (PARTITION BY window ORDER BY n) AS place FROM totals) WHERE 2 >= place;
