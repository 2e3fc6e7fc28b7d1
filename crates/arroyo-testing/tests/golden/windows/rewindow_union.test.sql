--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, what, sum(n) AS n FROM (SELECT 'bids' AS what, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds') UNION ALL SELECT 'sensors', count(*) FROM sensors GROUP BY tumble(INTERVAL '20 seconds')) GROUP BY 1, 2;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"what":"bids","n":36}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"what":"sensors","n":19}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"what":"bids","n":4}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"what":"sensors","n":17}
