--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, bidder, count(*) AS n FROM TABLE(SESSION(TABLE bids PARTITION BY bidder, DESCRIPTOR(at), INTERVAL '5' SECOND)) GROUP BY window_start, window_end, bidder;

--- expect out
{"window_start":"2024-01-01T00:00:01.700","window_end":"2024-01-01T00:00:07.600","bidder":"dee","n":3}
{"window_start":"2024-01-01T00:00:01.800","window_end":"2024-01-01T00:00:08.500","bidder":"bob","n":3}
{"window_start":"2024-01-01T00:00:02.200","window_end":"2024-01-01T00:00:12.400","bidder":"ann","n":4}
{"window_start":"2024-01-01T00:00:07.700","window_end":"2024-01-01T00:00:16.800","bidder":"cid","n":3}
{"window_start":"2024-01-01T00:00:09.500","window_end":"2024-01-01T00:00:14.500","bidder":"bob","n":1}
{"window_start":"2024-01-01T00:00:12.600","window_end":"2024-01-01T00:00:17.700","bidder":"ann","n":2}
{"window_start":"2024-01-01T00:00:16.400","window_end":"2024-01-01T00:00:21.400","bidder":"bob","n":1}
{"window_start":"2024-01-01T00:00:18","window_end":"2024-01-01T00:00:23","bidder":"ann","n":1}
{"window_start":"2024-01-01T00:00:18.300","window_end":"2024-01-01T00:00:23.600","bidder":"dee","n":2}
{"window_start":"2024-01-01T00:00:30.500","window_end":"2024-01-01T00:00:44.800","bidder":"cid","n":5}
{"window_start":"2024-01-01T00:00:34","window_end":"2024-01-01T00:00:43.400","bidder":"dee","n":3}
{"window_start":"2024-01-01T00:00:37.800","window_end":"2024-01-01T00:00:46.100","bidder":"bob","n":2}
{"window_start":"2024-01-01T00:00:39.600","window_end":"2024-01-01T00:00:44.600","bidder":"ann","n":1}
{"window_start":"2024-01-01T00:00:53.800","window_end":"2024-01-01T00:01:06.300","bidder":"dee","n":4}
{"window_start":"2024-01-01T00:00:54.700","window_end":"2024-01-01T00:00:59.700","bidder":"bob","n":1}
{"window_start":"2024-01-01T00:00:56.700","window_end":"2024-01-01T00:01:01.700","bidder":"ann","n":1}
{"window_start":"2024-01-01T00:01:03.100","window_end":"2024-01-01T00:01:09.500","bidder":"cid","n":2}
{"window_start":"2024-01-01T00:01:05.300","window_end":"2024-01-01T00:01:10.300","bidder":"ann","n":1}
