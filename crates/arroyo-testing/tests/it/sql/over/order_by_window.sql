INSERT INTO out
SELECT window, bidder, n FROM totals ORDER BY window.start, n DESC, bidder LIMIT 6;
