--- use tables.sql
INSERT INTO changes
SELECT hop(INTERVAL '20 seconds', INTERVAL '10 seconds') AS window, count(*) AS n FROM visits GROUP BY 1 ALLOW LATENESS INTERVAL '1 hour';

--- expect changes
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:30"},"n":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"n":4}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:50"},"n":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"n":7}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"n":7}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"n":7}
