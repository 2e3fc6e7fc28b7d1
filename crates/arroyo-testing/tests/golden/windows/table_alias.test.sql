--- use ../tables.sql
INSERT INTO out
SELECT w.window_start, w.bidder AS who, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '30' SECOND)) AS w GROUP BY w.window_start, w.window_end, w.bidder;

--- expect out
{"window_start":"2024-01-01T00:00:00","who":"ann","n":7}
{"window_start":"2024-01-01T00:00:00","who":"bob","n":5}
{"window_start":"2024-01-01T00:00:00","who":"cid","n":3}
{"window_start":"2024-01-01T00:00:00","who":"dee","n":5}
{"window_start":"2024-01-01T00:00:30","who":"ann","n":2}
{"window_start":"2024-01-01T00:00:30","who":"bob","n":3}
{"window_start":"2024-01-01T00:00:30","who":"cid","n":5}
{"window_start":"2024-01-01T00:00:30","who":"dee","n":6}
{"window_start":"2024-01-01T00:01:00","who":"ann","n":1}
{"window_start":"2024-01-01T00:01:00","who":"cid","n":2}
{"window_start":"2024-01-01T00:01:00","who":"dee","n":1}
