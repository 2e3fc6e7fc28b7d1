--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, sum(price) AS total FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND, INTERVAL '3' SECOND)) GROUP BY window_start, window_end;

--- expect out
{"window_start":"2023-12-31T23:59:53","window_end":"2024-01-01T00:00:03","total":276}
{"window_start":"2024-01-01T00:00:03","window_end":"2024-01-01T00:00:13","total":366}
{"window_start":"2024-01-01T00:00:13","window_end":"2024-01-01T00:00:23","total":164}
{"window_start":"2024-01-01T00:00:23","window_end":"2024-01-01T00:00:33","total":145}
{"window_start":"2024-01-01T00:00:33","window_end":"2024-01-01T00:00:43","total":551}
{"window_start":"2024-01-01T00:00:53","window_end":"2024-01-01T00:01:03","total":342}
{"window_start":"2024-01-01T00:01:03","window_end":"2024-01-01T00:01:13","total":121}
