--- use ../tables.sql
INSERT INTO out
SELECT window_end, count(*) AS n FROM TABLE(HOP(DATA => TABLE bids, TIMECOL => DESCRIPTOR(at), SIZE => INTERVAL '15' SECOND, SLIDE => INTERVAL '5' SECOND, OFFSET => INTERVAL '1' SECOND)) GROUP BY window_start, window_end;

--- expect out
{"window_end":"2024-01-01T00:00:06","n":8}
{"window_end":"2024-01-01T00:00:11","n":13}
{"window_end":"2024-01-01T00:00:16","n":16}
{"window_end":"2024-01-01T00:00:21","n":12}
{"window_end":"2024-01-01T00:00:26","n":7}
{"window_end":"2024-01-01T00:00:31","n":5}
{"window_end":"2024-01-01T00:00:36","n":4}
{"window_end":"2024-01-01T00:00:41","n":10}
{"window_end":"2024-01-01T00:00:46","n":10}
{"window_end":"2024-01-01T00:00:51","n":7}
{"window_end":"2024-01-01T00:00:56","n":3}
{"window_end":"2024-01-01T00:01:01","n":5}
{"window_end":"2024-01-01T00:01:06","n":9}
{"window_end":"2024-01-01T00:01:11","n":7}
{"window_end":"2024-01-01T00:01:16","n":4}
