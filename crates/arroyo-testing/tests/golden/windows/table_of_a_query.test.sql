--- use ../tables.sql
INSERT INTO out
SELECT window_start, count(*) AS n FROM TABLE(TUMBLE(TABLE (SELECT at, price FROM bids WHERE price > 40), DESCRIPTOR(at), INTERVAL '20' SECOND)) GROUP BY window_start, window_end;

--- expect out
{"window_start":"2024-01-01T00:00:00","n":9}
{"window_start":"2024-01-01T00:00:20","n":8}
{"window_start":"2024-01-01T00:00:40","n":4}
{"window_start":"2024-01-01T00:01:00","n":3}
