INSERT INTO out
SELECT window, bidder, lag(n) OVER (PARTITION BY window ORDER BY n DESC, bidder) AS before, lead(n, 2, -1) OVER (PARTITION BY window ORDER BY n DESC, bidder) AS after FROM totals;
