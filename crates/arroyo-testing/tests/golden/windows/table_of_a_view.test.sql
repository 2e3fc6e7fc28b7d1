--- use ../tables.sql
CREATE VIEW web AS (SELECT id, at AS time, bidder FROM bids WHERE channel = 'web');
INSERT INTO out
SELECT window_start, bidder, count(*) AS n FROM TABLE(TUMBLE(TABLE web, DESCRIPTOR(time), INTERVAL '20' SECOND)) GROUP BY window_start, window_end, bidder;

--- expect out
{"window_start":"2024-01-01T00:00:00","bidder":"bob","n":1}
{"window_start":"2024-01-01T00:00:00","bidder":"cid","n":1}
{"window_start":"2024-01-01T00:00:00","bidder":"dee","n":2}
{"window_start":"2024-01-01T00:00:20","bidder":"cid","n":1}
{"window_start":"2024-01-01T00:00:20","bidder":"dee","n":2}
{"window_start":"2024-01-01T00:00:40","bidder":"ann","n":1}
{"window_start":"2024-01-01T00:00:40","bidder":"dee","n":1}
