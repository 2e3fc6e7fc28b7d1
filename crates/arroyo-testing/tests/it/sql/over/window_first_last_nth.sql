INSERT INTO out
SELECT window, bidder, first_value(bidder) OVER w AS first, last_value(bidder) OVER w AS last, nth_value(bidder, 2) OVER w AS second
FROM totals WINDOW w AS (PARTITION BY window ORDER BY total DESC, bidder ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
