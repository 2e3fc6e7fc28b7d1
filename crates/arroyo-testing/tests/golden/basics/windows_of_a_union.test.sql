--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '30 seconds') AS window, count(*) AS n FROM (SELECT at FROM bids UNION ALL SELECT at FROM sensors) GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"n":30}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:01:00"},"n":25}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:30"},"n":13}
{"window":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:02:00"},"n":8}
