--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, count(*) AS n FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) GROUP BY window_start, window_end;

--- expect out
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","n":13}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:20","n":20}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30","n":20}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","n":10}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:50","n":11}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00","n":16}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","n":4}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:20","n":4}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:30","n":4}
