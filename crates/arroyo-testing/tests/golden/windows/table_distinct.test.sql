--- use ../tables.sql
INSERT INTO out
SELECT DISTINCT window_start, window_end, bidder FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '30' SECOND));

--- expect out
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30","bidder":"ann"}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30","bidder":"bob"}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30","bidder":"cid"}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30","bidder":"dee"}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00","bidder":"ann"}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00","bidder":"bob"}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00","bidder":"cid"}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00","bidder":"dee"}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:30","bidder":"ann"}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:30","bidder":"cid"}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:30","bidder":"dee"}
