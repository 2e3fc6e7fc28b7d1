--- use ../tables.sql
INSERT INTO out
SELECT window_start, count(*) AS n FROM TABLE(TUMBLE(TABLE (SELECT at, 1 AS source FROM bids UNION ALL SELECT at, 2 FROM sensors), DESCRIPTOR(at), INTERVAL '30' SECOND)) GROUP BY window_start, window_end;

--- expect out
{"window_start":"2024-01-01T00:00:00","n":30}
{"window_start":"2024-01-01T00:00:30","n":25}
{"window_start":"2024-01-01T00:01:00","n":13}
{"window_start":"2024-01-01T00:01:30","n":8}
