--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, max(n) AS top FROM (SELECT window_start, window_end, auction, count(*) AS n FROM TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND, INTERVAL '20' SECOND)) GROUP BY window_start, window_end, auction) GROUP BY window_start, window_end;

--- expect out
{"window_start":"2023-12-31T23:59:50","window_end":"2024-01-01T00:00:10","top":5}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:20","top":9}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:30","top":4}
{"window_start":"2024-01-01T00:00:20","window_end":"2024-01-01T00:00:40","top":4}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:50","top":5}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:01:00","top":4}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:10","top":5}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:20","top":2}
