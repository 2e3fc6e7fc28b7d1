--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, max(n) AS busiest FROM (SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n FROM bids GROUP BY 1) GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"busiest":13}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"busiest":4}
