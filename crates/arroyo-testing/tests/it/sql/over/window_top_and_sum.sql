INSERT INTO out
SELECT * FROM (SELECT window, bidder, n, row_number() OVER (PARTITION BY window ORDER BY n DESC, bidder) AS place, sum(n) OVER (PARTITION BY window ORDER BY n, bidder) AS up_to FROM totals) WHERE place <= 2;
