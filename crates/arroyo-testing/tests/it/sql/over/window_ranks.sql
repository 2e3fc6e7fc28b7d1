INSERT INTO out
SELECT window, bidder, n, rank() OVER w AS rank, dense_rank() OVER w AS dense, percent_rank() OVER w AS percent, cume_dist() OVER w AS part
FROM totals WINDOW w AS (PARTITION BY window ORDER BY n);
