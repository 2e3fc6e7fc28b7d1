--- use ../tables.sql
INSERT INTO out
SELECT window_start, count(*) AS n FROM TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '20' SECOND) GROUP BY window_start, window_end;

--- expect out
{"window_start":"2024-01-01T00:00:00","n":20}
{"window_start":"2024-01-01T00:00:20","n":10}
{"window_start":"2024-01-01T00:00:40","n":6}
{"window_start":"2024-01-01T00:01:00","n":4}
