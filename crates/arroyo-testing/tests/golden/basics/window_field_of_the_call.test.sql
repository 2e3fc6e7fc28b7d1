--- use ../tables.sql
INSERT INTO out
SELECT hop(INTERVAL '5 seconds', INTERVAL '10 seconds').start AS start, count(*) AS n FROM bids GROUP BY hop(INTERVAL '5 seconds', INTERVAL '10 seconds');

--- expect out
{"start":"2024-01-01T00:00:40","n":1}
{"start":"2024-01-01T00:01:05","n":1}
{"start":"2024-01-01T00:00:30","n":10}
{"start":"2024-01-01T00:00:00","n":13}
{"start":"2024-01-01T00:00:45","n":2}
{"start":"2024-01-01T00:00:25","n":3}
{"start":"2024-01-01T00:00:15","n":4}
{"start":"2024-01-01T00:01:00","n":4}
{"start":"2024-01-01T00:00:50","n":5}
{"start":"2024-01-01T00:00:55","n":6}
{"start":"2024-01-01T00:00:10","n":7}
{"start":"2023-12-31T23:59:55","n":8}
{"start":"2024-01-01T00:00:05","n":8}
{"start":"2024-01-01T00:00:35","n":8}
