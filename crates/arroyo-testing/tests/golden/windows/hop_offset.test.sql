--- use ../tables.sql
INSERT INTO out
SELECT hop(INTERVAL '10 seconds', INTERVAL '20 seconds', INTERVAL '4 seconds') AS window, count(*) AS n FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2023-12-31T23:59:44","end":"2024-01-01T00:00:04"},"n":8}
{"window":{"start":"2023-12-31T23:59:54","end":"2024-01-01T00:00:14"},"n":16}
{"window":{"start":"2024-01-01T00:00:04","end":"2024-01-01T00:00:24"},"n":12}
{"window":{"start":"2024-01-01T00:00:14","end":"2024-01-01T00:00:34"},"n":6}
{"window":{"start":"2024-01-01T00:00:24","end":"2024-01-01T00:00:44"},"n":11}
{"window":{"start":"2024-01-01T00:00:34","end":"2024-01-01T00:00:54"},"n":10}
{"window":{"start":"2024-01-01T00:00:44","end":"2024-01-01T00:01:04"},"n":7}
{"window":{"start":"2024-01-01T00:00:54","end":"2024-01-01T00:01:14"},"n":8}
{"window":{"start":"2024-01-01T00:01:04","end":"2024-01-01T00:01:24"},"n":2}
