--- use tables.sql
INSERT INTO changes
SELECT window, visitor, n FROM (
  SELECT window, visitor, n, row_number() OVER (PARTITION BY window ORDER BY n DESC, visitor) AS place
  FROM (SELECT tumble(INTERVAL '20 seconds') AS window, visitor, count(*) AS n FROM visits GROUP BY 1, 2 EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour') AS w
) AS ranked WHERE place <= 2;

--- expect changes
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:02:00"},"visitor":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"visitor":"ann","n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"visitor":"bob","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"visitor":"cid","n":3}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"visitor":"cid","n":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"visitor":"cid","n":3}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:40"},"visitor":"cid","n":3}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:02:00"},"visitor":"cid","n":3}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:40"},"visitor":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"visitor":"dee","n":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"visitor":"cid","n":5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"visitor":"bob","n":7}
