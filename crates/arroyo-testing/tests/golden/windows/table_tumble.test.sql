--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, bidder, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, bidder;

--- expect out
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","bidder":"ann","n":4}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","bidder":"bob","n":4}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","bidder":"cid","n":2}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","bidder":"dee","n":3}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","bidder":"ann","n":3}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","bidder":"bob","n":1}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","bidder":"cid","n":1}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","bidder":"dee","n":2}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","bidder":"ann","n":1}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","bidder":"bob","n":1}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","bidder":"cid","n":5}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","bidder":"dee","n":3}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:50","bidder":"bob","n":1}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","bidder":"ann","n":1}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","bidder":"bob","n":1}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","bidder":"dee","n":3}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","bidder":"ann","n":1}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","bidder":"cid","n":2}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","bidder":"dee","n":1}
