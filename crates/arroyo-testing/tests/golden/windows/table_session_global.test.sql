--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, count(*) AS n FROM SESSION(TABLE bids, DESCRIPTOR(at), INTERVAL '5' SECOND) GROUP BY window_start, window_end;

--- expect out
{"window_start":"2024-01-01T00:00:01.700","window_end":"2024-01-01T00:00:23.600","n":20}
{"window_start":"2024-01-01T00:00:30.500","window_end":"2024-01-01T00:00:46.100","n":11}
{"window_start":"2024-01-01T00:00:53.800","window_end":"2024-01-01T00:01:10.300","n":9}
