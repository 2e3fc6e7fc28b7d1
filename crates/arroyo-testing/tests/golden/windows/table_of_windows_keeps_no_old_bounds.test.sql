--- use ../tables.sql
CREATE VIEW tens AS (SELECT window_start, window_end, window_time, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, window_time);
INSERT INTO out
SELECT window_start, window_end, n FROM TABLE(TUMBLE(TABLE tens, DESCRIPTOR(window_time), INTERVAL '1' MINUTE));

--- expect out
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:01:00","n":10}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:01:00","n":13}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:01:00","n":1}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:01:00","n":5}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:01:00","n":7}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:02:00","n":4}
