INSERT INTO changes
SELECT window, bidder, n FROM totals ORDER BY n DESC, window.start, bidder LIMIT 4;
