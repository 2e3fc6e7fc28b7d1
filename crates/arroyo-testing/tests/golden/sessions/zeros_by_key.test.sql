--- use tables.sql
INSERT INTO out
SELECT session(INTERVAL '5 seconds') AS window, x = 0 AS is_zero, count(*) AS n FROM (SELECT at, CASE WHEN celsius > 25 THEN -0e0 WHEN celsius > 15 THEN 0e0 ELSE 1e0 END AS x FROM sensors) GROUP BY 1, x;

--- expect out
{"window":{"start":"2024-01-01T00:00:32","end":"2024-01-01T00:00:38"},"is_zero":false,"n":2}
{"window":{"start":"2024-01-01T00:01:12","end":"2024-01-01T00:01:18"},"is_zero":false,"n":2}
{"window":{"start":"2024-01-01T00:01:22","end":"2024-01-01T00:01:29"},"is_zero":false,"n":2}
{"window":{"start":"2024-01-01T00:00:22","end":"2024-01-01T00:00:30"},"is_zero":false,"n":3}
{"window":{"start":"2024-01-01T00:00:41","end":"2024-01-01T00:00:53"},"is_zero":false,"n":3}
{"window":{"start":"2024-01-01T00:00:58","end":"2024-01-01T00:01:10"},"is_zero":false,"n":4}
{"window":{"start":"2024-01-01T00:00:07","end":"2024-01-01T00:00:20"},"is_zero":false,"n":6}
{"window":{"start":"2024-01-01T00:01:31","end":"2024-01-01T00:01:50"},"is_zero":false,"n":6}
{"window":{"start":"2024-01-01T00:00:08","end":"2024-01-01T00:00:13"},"is_zero":true,"n":1}
{"window":{"start":"2024-01-01T00:00:34","end":"2024-01-01T00:00:39"},"is_zero":true,"n":1}
{"window":{"start":"2024-01-01T00:00:44","end":"2024-01-01T00:00:49"},"is_zero":true,"n":1}
{"window":{"start":"2024-01-01T00:00:55","end":"2024-01-01T00:01:00"},"is_zero":true,"n":1}
{"window":{"start":"2024-01-01T00:01:01","end":"2024-01-01T00:01:06"},"is_zero":true,"n":1}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:25"},"is_zero":true,"n":1}
{"window":{"start":"2024-01-01T00:01:39","end":"2024-01-01T00:01:44"},"is_zero":true,"n":1}
{"window":{"start":"2024-01-01T00:01:46","end":"2024-01-01T00:01:51"},"is_zero":true,"n":1}
