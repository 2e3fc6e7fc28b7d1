--- use ../tables.sql
INSERT INTO out
SELECT hop(INTERVAL '10 seconds', INTERVAL '4 seconds') AS window, count(*) AS n FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:04"},"n":8}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:14"},"n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:34"},"n":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:44"},"n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:00:54"},"n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:04"},"n":2}
