--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, avg(n) AS mean FROM (SELECT tumble(INTERVAL '20 seconds') AS w, sum(n) AS n FROM (SELECT tumble(INTERVAL '5 seconds') AS w, count(*) AS n FROM bids GROUP BY 1) GROUP BY 1) GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"mean":12.0}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"mean":4.0}
