--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, count(*) AS n FROM TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) WHERE window_start >= TIMESTAMP '2024-01-01 00:00:00' AND price IS NOT NULL GROUP BY window_start, window_end;

--- expect out
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:15","n":15}
{"window_start":"2024-01-01T00:00:05","window_end":"2024-01-01T00:00:20","n":12}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:25","n":7}
{"window_start":"2024-01-01T00:00:15","window_end":"2024-01-01T00:00:30","n":4}
{"window_start":"2024-01-01T00:00:20","window_end":"2024-01-01T00:00:35","n":3}
{"window_start":"2024-01-01T00:00:25","window_end":"2024-01-01T00:00:40","n":10}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:45","n":11}
{"window_start":"2024-01-01T00:00:35","window_end":"2024-01-01T00:00:50","n":8}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:55","n":3}
{"window_start":"2024-01-01T00:00:45","window_end":"2024-01-01T00:01:00","n":5}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:05","n":8}
{"window_start":"2024-01-01T00:00:55","window_end":"2024-01-01T00:01:10","n":7}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:15","n":4}
{"window_start":"2024-01-01T00:01:05","window_end":"2024-01-01T00:01:20","n":1}
