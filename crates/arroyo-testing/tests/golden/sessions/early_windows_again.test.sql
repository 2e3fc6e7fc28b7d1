--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '20 seconds') AS window, max(n) AS most, count(*) AS sessions FROM (SELECT count(*) AS n FROM visits GROUP BY session(INTERVAL '2 seconds'), visitor ALLOW LATENESS INTERVAL '1 hour') AS s GROUP BY 1;

--- expect changes
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:40"},"most":1,"sessions":7}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"most":2,"sessions":8}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"most":2,"sessions":8}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:02:00"},"most":3,"sessions":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"most":4,"sessions":7}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"most":4,"sessions":9}
