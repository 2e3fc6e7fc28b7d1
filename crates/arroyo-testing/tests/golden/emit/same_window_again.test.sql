--- use tables.sql
INSERT INTO changes
SELECT window, count(*) AS visitors, max(n) AS most
FROM (SELECT tumble(INTERVAL '10 seconds') AS window, visitor, count(*) AS n FROM visits GROUP BY 1, 2 ALLOW LATENESS INTERVAL '1 hour') AS w
GROUP BY window;

--- expect changes
{"window":{"start":"2024-01-01T00:01:50","end":"2024-01-01T00:02:00"},"visitors":1,"most":1}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:30"},"visitors":3,"most":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"visitors":2,"most":2}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"visitors":3,"most":2}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"visitors":3,"most":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"visitors":3,"most":2}
{"window":{"start":"2024-01-01T00:01:10","end":"2024-01-01T00:01:20"},"visitors":3,"most":2}
{"window":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:01:40"},"visitors":3,"most":2}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:50"},"visitors":3,"most":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"visitors":3,"most":3}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"visitors":4,"most":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"visitors":3,"most":5}
