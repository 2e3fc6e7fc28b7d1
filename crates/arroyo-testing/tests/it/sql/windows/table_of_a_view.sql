CREATE VIEW web AS (SELECT id, at AS time, bidder FROM bids WHERE channel = 'web');
INSERT INTO out
SELECT window_start, bidder, count(*) AS n FROM TABLE(TUMBLE(TABLE web, DESCRIPTOR(time), INTERVAL '20' SECOND)) GROUP BY window_start, window_end, bidder;
