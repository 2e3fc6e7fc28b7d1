--- use tables.sql
INSERT INTO changes
SELECT hop(INTERVAL '4 seconds', INTERVAL '10 seconds') AS window, count(*) AS n FROM (SELECT channel, max(price) AS price FROM bids GROUP BY channel, at) AS v GROUP BY 1;

--- expect changes
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"n":1}
{"window":{"start":"2024-01-01T00:00:44","end":"2024-01-01T00:00:54"},"n":1}
{"window":{"start":"2024-01-01T00:00:32","end":"2024-01-01T00:00:42"},"n":10}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"n":13}
{"window":{"start":"2023-12-31T23:59:52","end":"2024-01-01T00:00:02"},"n":2}
{"window":{"start":"2024-01-01T00:00:24","end":"2024-01-01T00:00:34"},"n":2}
{"window":{"start":"2024-01-01T00:01:04","end":"2024-01-01T00:01:14"},"n":2}
{"window":{"start":"2024-01-01T00:00:16","end":"2024-01-01T00:00:26"},"n":4}
{"window":{"start":"2024-01-01T00:00:48","end":"2024-01-01T00:00:58"},"n":4}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"n":4}
{"window":{"start":"2024-01-01T00:00:08","end":"2024-01-01T00:00:18"},"n":6}
{"window":{"start":"2024-01-01T00:00:12","end":"2024-01-01T00:00:22"},"n":6}
{"window":{"start":"2024-01-01T00:00:52","end":"2024-01-01T00:01:02"},"n":6}
{"window":{"start":"2024-01-01T00:00:28","end":"2024-01-01T00:00:38"},"n":7}
{"window":{"start":"2024-01-01T00:00:36","end":"2024-01-01T00:00:46"},"n":7}
{"window":{"start":"2024-01-01T00:00:56","end":"2024-01-01T00:01:06"},"n":7}
{"window":{"start":"2023-12-31T23:59:56","end":"2024-01-01T00:00:06"},"n":8}
{"window":{"start":"2024-01-01T00:00:04","end":"2024-01-01T00:00:14"},"n":8}
