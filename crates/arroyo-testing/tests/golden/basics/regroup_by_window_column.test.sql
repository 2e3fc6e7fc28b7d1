--- use ../tables.sql
INSERT INTO out
SELECT window, count(*) AS bidders, max(n) AS most FROM (SELECT tumble(INTERVAL '20 seconds') AS window, bidder, count(*) AS n FROM bids GROUP BY 1, 2) GROUP BY window;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidders":4,"most":7}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidders":4,"most":5}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidders":3,"most":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidders":3,"most":2}
