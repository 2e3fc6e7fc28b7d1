--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, count(*) AS n FROM (SELECT * FROM TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) WHERE channel = 'app') GROUP BY window_start, window_end;

--- expect out
{"window_start":"2023-12-31T23:59:50","window_end":"2024-01-01T00:00:05","n":2}
{"window_start":"2023-12-31T23:59:55","window_end":"2024-01-01T00:00:10","n":3}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:15","n":4}
{"window_start":"2024-01-01T00:00:05","window_end":"2024-01-01T00:00:20","n":4}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:25","n":3}
{"window_start":"2024-01-01T00:00:15","window_end":"2024-01-01T00:00:30","n":2}
{"window_start":"2024-01-01T00:00:20","window_end":"2024-01-01T00:00:35","n":1}
{"window_start":"2024-01-01T00:00:25","window_end":"2024-01-01T00:00:40","n":3}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:45","n":4}
{"window_start":"2024-01-01T00:00:35","window_end":"2024-01-01T00:00:50","n":3}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:55","n":3}
{"window_start":"2024-01-01T00:00:45","window_end":"2024-01-01T00:01:00","n":3}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:05","n":5}
{"window_start":"2024-01-01T00:00:55","window_end":"2024-01-01T00:01:10","n":3}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:15","n":2}
