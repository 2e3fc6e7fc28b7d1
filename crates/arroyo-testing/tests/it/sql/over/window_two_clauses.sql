INSERT INTO out
SELECT window, bidder, rank() OVER (PARTITION BY window ORDER BY n) AS by_n, rank() OVER (PARTITION BY window ORDER BY total DESC NULLS LAST) AS by_total, count(*) OVER (PARTITION BY window) AS bidders FROM totals;
