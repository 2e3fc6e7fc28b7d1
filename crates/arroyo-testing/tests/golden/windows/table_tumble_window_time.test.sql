--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, window_time, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, window_time;

--- expect out
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","window_time":"2024-01-01T00:00:09.999999999","n":13}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","window_time":"2024-01-01T00:00:19.999999999","n":7}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","window_time":"2024-01-01T00:00:39.999999999","n":10}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:50","window_time":"2024-01-01T00:00:49.999999999","n":1}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","window_time":"2024-01-01T00:00:59.999999999","n":5}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","window_time":"2024-01-01T00:01:09.999999999","n":4}
