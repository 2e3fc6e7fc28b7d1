INSERT INTO out
SELECT window, bidder, n FROM (SELECT *, row_number() OVER (PARTITION BY window ORDER BY n DESC, bidder) AS place FROM totals) WHERE place = 1;
