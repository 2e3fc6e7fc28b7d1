--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, max(n) AS busiest FROM TABLE(TUMBLE(TABLE (SELECT window_time, auction, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, window_time, auction), DESCRIPTOR(window_time), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;

--- expect out
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:01:00","busiest":5}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:02:00","busiest":2}
