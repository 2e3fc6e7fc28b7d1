--- use tables.sql
INSERT INTO changes
SELECT window_end, window_time, count(*) AS n FROM TABLE(HOP(TABLE visits, DESCRIPTOR(at), INTERVAL '4' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end, window_time HAVING count(*) > 2 ALLOW LATENESS INTERVAL '1 day';

--- expect changes
{"window_end":"2024-01-01T00:01:06","window_time":"2024-01-01T00:01:05.999999999","n":3}
{"window_end":"2024-01-01T00:01:30","window_time":"2024-01-01T00:01:29.999999999","n":3}
{"window_end":"2024-01-01T00:00:02","window_time":"2024-01-01T00:00:01.999999999","n":4}
{"window_end":"2024-01-01T00:00:14","window_time":"2024-01-01T00:00:13.999999999","n":4}
{"window_end":"2024-01-01T00:00:46","window_time":"2024-01-01T00:00:45.999999999","n":4}
{"window_end":"2024-01-01T00:01:10","window_time":"2024-01-01T00:01:09.999999999","n":4}
{"window_end":"2024-01-01T00:01:14","window_time":"2024-01-01T00:01:13.999999999","n":4}
{"window_end":"2024-01-01T00:01:18","window_time":"2024-01-01T00:01:17.999999999","n":4}
{"window_end":"2024-01-01T00:01:22","window_time":"2024-01-01T00:01:21.999999999","n":4}
{"window_end":"2024-01-01T00:01:38","window_time":"2024-01-01T00:01:37.999999999","n":4}
{"window_end":"2024-01-01T00:01:50","window_time":"2024-01-01T00:01:49.999999999","n":4}
{"window_end":"2024-01-01T00:00:18","window_time":"2024-01-01T00:00:17.999999999","n":5}
{"window_end":"2024-01-01T00:00:34","window_time":"2024-01-01T00:00:33.999999999","n":5}
{"window_end":"2024-01-01T00:00:38","window_time":"2024-01-01T00:00:37.999999999","n":5}
{"window_end":"2024-01-01T00:00:54","window_time":"2024-01-01T00:00:53.999999999","n":5}
{"window_end":"2024-01-01T00:00:58","window_time":"2024-01-01T00:00:57.999999999","n":5}
{"window_end":"2024-01-01T00:01:02","window_time":"2024-01-01T00:01:01.999999999","n":5}
{"window_end":"2024-01-01T00:01:26","window_time":"2024-01-01T00:01:25.999999999","n":5}
{"window_end":"2024-01-01T00:00:06","window_time":"2024-01-01T00:00:05.999999999","n":6}
{"window_end":"2024-01-01T00:00:22","window_time":"2024-01-01T00:00:21.999999999","n":6}
{"window_end":"2024-01-01T00:00:42","window_time":"2024-01-01T00:00:41.999999999","n":6}
{"window_end":"2024-01-01T00:01:42","window_time":"2024-01-01T00:01:41.999999999","n":6}
{"window_end":"2024-01-01T00:00:10","window_time":"2024-01-01T00:00:09.999999999","n":7}
{"window_end":"2024-01-01T00:00:30","window_time":"2024-01-01T00:00:29.999999999","n":7}
{"window_end":"2024-01-01T00:00:50","window_time":"2024-01-01T00:00:49.999999999","n":7}
{"window_end":"2024-01-01T00:01:46","window_time":"2024-01-01T00:01:45.999999999","n":7}
{"window_end":"2024-01-01T00:00:26","window_time":"2024-01-01T00:00:25.999999999","n":8}
