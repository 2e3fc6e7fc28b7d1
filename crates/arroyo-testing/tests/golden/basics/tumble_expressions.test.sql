--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, auction % 2 AS odd, sum(price + 1) * 2 AS s, count(*) + 1 AS n FROM bids GROUP BY 1, auction % 2;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"odd":0,"s":440,"n":5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"odd":1,"s":1210,"n":17}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"odd":0,"s":542,"n":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"odd":1,"s":758,"n":8}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"odd":0,"s":198,"n":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"odd":1,"s":496,"n":6}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"odd":0,"s":110,"n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"odd":1,"s":254,"n":4}
