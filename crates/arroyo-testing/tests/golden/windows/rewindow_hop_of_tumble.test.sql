--- use ../tables.sql
INSERT INTO out
SELECT hop(INTERVAL '20 seconds', INTERVAL '40 seconds') AS window, sum(n) AS n FROM (SELECT tumble(INTERVAL '10 seconds') AS w, auction, count(*) AS n FROM bids GROUP BY 1, 2) GROUP BY 1;

--- expect out
{"window":{"start":"2023-12-31T23:59:40","end":"2024-01-01T00:00:20"},"n":20}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:40"},"n":30}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:01:00"},"n":16}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:20"},"n":10}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:40"},"n":4}
