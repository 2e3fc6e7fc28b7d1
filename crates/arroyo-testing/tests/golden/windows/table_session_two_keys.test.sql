--- use ../tables.sql
INSERT INTO out
SELECT window_start, bidder, auction, count(*) AS n FROM TABLE(SESSION(DATA => TABLE bids PARTITION BY (bidder, auction), TIMECOL => DESCRIPTOR(at), GAP => INTERVAL '8' SECOND)) GROUP BY window_start, window_end, auction, bidder;

--- expect out
{"window_start":"2024-01-01T00:00:01.700","bidder":"dee","auction":1,"n":1}
{"window_start":"2024-01-01T00:00:01.800","bidder":"bob","auction":1,"n":1}
{"window_start":"2024-01-01T00:00:02.100","bidder":"dee","auction":3,"n":1}
{"window_start":"2024-01-01T00:00:02.200","bidder":"ann","auction":1,"n":5}
{"window_start":"2024-01-01T00:00:02.500","bidder":"bob","auction":3,"n":2}
{"window_start":"2024-01-01T00:00:02.600","bidder":"dee","auction":2,"n":1}
{"window_start":"2024-01-01T00:00:07.400","bidder":"ann","auction":3,"n":2}
{"window_start":"2024-01-01T00:00:07.700","bidder":"cid","auction":3,"n":1}
{"window_start":"2024-01-01T00:00:08.900","bidder":"cid","auction":2,"n":1}
{"window_start":"2024-01-01T00:00:09.500","bidder":"bob","auction":2,"n":1}
{"window_start":"2024-01-01T00:00:11.800","bidder":"cid","auction":1,"n":1}
{"window_start":"2024-01-01T00:00:16.400","bidder":"bob","auction":1,"n":1}
{"window_start":"2024-01-01T00:00:18.300","bidder":"dee","auction":3,"n":1}
{"window_start":"2024-01-01T00:00:18.600","bidder":"dee","auction":2,"n":1}
{"window_start":"2024-01-01T00:00:30.500","bidder":"cid","auction":1,"n":3}
{"window_start":"2024-01-01T00:00:32.600","bidder":"cid","auction":3,"n":2}
{"window_start":"2024-01-01T00:00:34","bidder":"dee","auction":2,"n":2}
{"window_start":"2024-01-01T00:00:36.100","bidder":"dee","auction":3,"n":1}
{"window_start":"2024-01-01T00:00:37.800","bidder":"bob","auction":2,"n":1}
{"window_start":"2024-01-01T00:00:39.600","bidder":"ann","auction":3,"n":1}
{"window_start":"2024-01-01T00:00:41.100","bidder":"bob","auction":3,"n":1}
{"window_start":"2024-01-01T00:00:53.800","bidder":"dee","auction":3,"n":3}
{"window_start":"2024-01-01T00:00:54.700","bidder":"bob","auction":1,"n":1}
{"window_start":"2024-01-01T00:00:56.700","bidder":"ann","auction":2,"n":1}
{"window_start":"2024-01-01T00:01:01.300","bidder":"dee","auction":1,"n":1}
{"window_start":"2024-01-01T00:01:03.100","bidder":"cid","auction":3,"n":1}
{"window_start":"2024-01-01T00:01:04.500","bidder":"cid","auction":2,"n":1}
{"window_start":"2024-01-01T00:01:05.300","bidder":"ann","auction":3,"n":1}
