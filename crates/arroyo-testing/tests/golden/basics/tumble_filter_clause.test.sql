--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, count(*) FILTER (WHERE channel = 'web') AS web, sum(price) FILTER (WHERE price > 50) AS dear FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"web":4,"dear":609}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"web":3,"dear":483}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"web":2,"dear":304}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"web":0,"dear":162}
