INSERT INTO out
SELECT window, bidder, n, sum(n) OVER (PARTITION BY window ORDER BY n) AS up_to FROM totals;
