--- use tables.sql
INSERT INTO out
SELECT window, sum(n) AS best FROM (SELECT window, n, row_number() OVER (PARTITION BY window ORDER BY n DESC, bidder) AS place FROM totals) WHERE place <= 2 GROUP BY window;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"best":12}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"best":3}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"best":5}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"best":8}
