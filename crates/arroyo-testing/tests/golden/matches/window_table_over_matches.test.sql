--- use tables.sql
INSERT INTO out
SELECT window_start, count(*) AS matches FROM TABLE(TUMBLE(TABLE bought, DESCRIPTOR(ended), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;

--- expect out
{"window_start":"2024-05-01T10:02:00","matches":1}
{"window_start":"2024-05-01T10:01:00","matches":3}
{"window_start":"2024-05-01T10:00:00","matches":5}
