INSERT INTO changes
SELECT bidder, n FROM totals ORDER BY n DESC, window.start, bidder LIMIT 4;
