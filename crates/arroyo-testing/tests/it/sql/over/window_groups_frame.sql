INSERT INTO out
SELECT window, bidder, n, sum(total) OVER (PARTITION BY window ORDER BY n GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS two_groups FROM totals;
