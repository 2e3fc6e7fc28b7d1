INSERT INTO out
SELECT window, bidder, row_number() OVER (PARTITION BY window, bidder > 'b' ORDER BY bidder) AS place FROM totals;
