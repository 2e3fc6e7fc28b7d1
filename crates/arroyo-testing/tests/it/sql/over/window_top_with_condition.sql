INSERT INTO out
SELECT * FROM (SELECT window, bidder, n, row_number() OVER (PARTITION BY window ORDER BY n DESC, bidder) AS place FROM totals) WHERE place <= 3 AND n < 5 AND bidder <> 'ann';
