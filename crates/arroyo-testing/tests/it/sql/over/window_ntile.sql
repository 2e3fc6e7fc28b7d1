INSERT INTO out
SELECT window, bidder, ntile(3) OVER (PARTITION BY window ORDER BY n DESC, bidder) AS third FROM totals;
