INSERT INTO out
SELECT window, bidder, n, row_number() OVER (PARTITION BY window ORDER BY n DESC, bidder) AS place FROM totals;
