--- use ../tables.sql
INSERT INTO out
SELECT hop(INTERVAL '4 seconds', INTERVAL '16 seconds') AS window, sum(price) FILTER (WHERE price > 50) AS high, count(*) FILTER (WHERE channel = 'tv') AS tv FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2023-12-31T23:59:48","end":"2024-01-01T00:00:04"},"high":222,"tv":2}
{"window":{"start":"2023-12-31T23:59:52","end":"2024-01-01T00:00:08"},"high":320,"tv":4}
{"window":{"start":"2023-12-31T23:59:56","end":"2024-01-01T00:00:12"},"high":415,"tv":5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:16"},"high":474,"tv":6}
{"window":{"start":"2024-01-01T00:00:04","end":"2024-01-01T00:00:20"},"high":387,"tv":5}
{"window":{"start":"2024-01-01T00:00:08","end":"2024-01-01T00:00:24"},"high":289,"tv":3}
{"window":{"start":"2024-01-01T00:00:12","end":"2024-01-01T00:00:28"},"high":194,"tv":2}
{"window":{"start":"2024-01-01T00:00:16","end":"2024-01-01T00:00:32"},"high":218,"tv":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:36"},"high":308,"tv":0}
{"window":{"start":"2024-01-01T00:00:24","end":"2024-01-01T00:00:40"},"high":483,"tv":3}
{"window":{"start":"2024-01-01T00:00:28","end":"2024-01-01T00:00:44"},"high":539,"tv":3}
{"window":{"start":"2024-01-01T00:00:32","end":"2024-01-01T00:00:48"},"high":456,"tv":3}
{"window":{"start":"2024-01-01T00:00:36","end":"2024-01-01T00:00:52"},"high":231,"tv":3}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:56"},"high":141,"tv":0}
{"window":{"start":"2024-01-01T00:00:44","end":"2024-01-01T00:01:00"},"high":248,"tv":0}
{"window":{"start":"2024-01-01T00:00:48","end":"2024-01-01T00:01:04"},"high":305,"tv":0}
{"window":{"start":"2024-01-01T00:00:52","end":"2024-01-01T00:01:08"},"high":410,"tv":1}
{"window":{"start":"2024-01-01T00:00:56","end":"2024-01-01T00:01:12"},"high":325,"tv":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:16"},"high":162,"tv":1}
{"window":{"start":"2024-01-01T00:01:04","end":"2024-01-01T00:01:20"},"high":105,"tv":1}
