--- use tables.sql
INSERT INTO changes
SELECT session(INTERVAL '2 seconds') AS window, count(*) AS n FROM (SELECT bidder, max(price) AS price FROM bids GROUP BY bidder, at HAVING count(*) > 0) AS v GROUP BY 1;

--- expect changes
{"window":{"start":"2024-01-01T00:00:30.500","end":"2024-01-01T00:00:32.500"},"n":1}
{"window":{"start":"2024-01-01T00:00:58.900","end":"2024-01-01T00:01:00.900"},"n":1}
{"window":{"start":"2024-01-01T00:00:32.600","end":"2024-01-01T00:00:43.100"},"n":10}
{"window":{"start":"2024-01-01T00:00:11.800","end":"2024-01-01T00:00:14.700"},"n":3}
{"window":{"start":"2024-01-01T00:00:16.400","end":"2024-01-01T00:00:20.600"},"n":4}
{"window":{"start":"2024-01-01T00:00:53.800","end":"2024-01-01T00:00:58.700"},"n":4}
{"window":{"start":"2024-01-01T00:01:01.300","end":"2024-01-01T00:01:07.300"},"n":4}
{"window":{"start":"2024-01-01T00:00:06","end":"2024-01-01T00:00:11.500"},"n":5}
{"window":{"start":"2024-01-01T00:00:01.700","end":"2024-01-01T00:00:05.500"},"n":8}
