--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, count(DISTINCT x) AS n FROM (SELECT at, CASE WHEN celsius > 25 THEN -0e0 WHEN celsius > 15 THEN 0e0 ELSE celsius END AS x FROM sensors) GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"n":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"n":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"n":2}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:40"},"n":2}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:02:00"},"n":4}
