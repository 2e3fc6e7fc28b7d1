--- use ../tables.sql
CREATE VIEW web AS (SELECT * FROM bids WHERE channel = 'web');
INSERT INTO out SELECT tumble(INTERVAL '20 seconds') AS window, count(*) AS n FROM web GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"n":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"n":3}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"n":2}
