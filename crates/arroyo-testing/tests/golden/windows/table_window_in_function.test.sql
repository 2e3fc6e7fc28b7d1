--- use ../tables.sql
INSERT INTO out
SELECT window_end, max(window_end) - min(at) AS age, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '20' SECOND)) GROUP BY window_start, window_end;

--- expect out
{"window_end":"2024-01-01T00:00:20","age":"PT18.3S","n":20}
{"window_end":"2024-01-01T00:00:40","age":"PT9.5S","n":10}
{"window_end":"2024-01-01T00:01:00","age":"PT18.9S","n":6}
{"window_end":"2024-01-01T00:01:20","age":"PT18.7S","n":4}
