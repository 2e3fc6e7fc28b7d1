INSERT INTO out
SELECT window, bidder, rank() OVER w AS rank, dense_rank() OVER w AS dense, row_number() OVER (ORDER BY window.end, bidder) AS number FROM totals WINDOW w AS (PARTITION BY bidder > 'b' ORDER BY window.end);
