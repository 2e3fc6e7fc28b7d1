--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds', INTERVAL '23 seconds') AS window, count(*) AS n FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2023-12-31T23:59:53","end":"2024-01-01T00:00:03"},"n":7}
{"window":{"start":"2024-01-01T00:00:03","end":"2024-01-01T00:00:13"},"n":9}
{"window":{"start":"2024-01-01T00:00:13","end":"2024-01-01T00:00:23"},"n":4}
{"window":{"start":"2024-01-01T00:00:23","end":"2024-01-01T00:00:33"},"n":2}
{"window":{"start":"2024-01-01T00:00:33","end":"2024-01-01T00:00:43"},"n":9}
{"window":{"start":"2024-01-01T00:00:53","end":"2024-01-01T00:01:03"},"n":6}
{"window":{"start":"2024-01-01T00:01:03","end":"2024-01-01T00:01:13"},"n":3}
