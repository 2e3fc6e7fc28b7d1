INSERT INTO out
SELECT window, sum(n) AS best FROM (SELECT window, n, row_number() OVER (PARTITION BY window ORDER BY n DESC, bidder) AS place FROM totals) WHERE place <= 2 GROUP BY window;
