INSERT INTO out
SELECT window, bidder, n * 1.0 / sum(n) OVER (PARTITION BY window) AS share FROM totals;
