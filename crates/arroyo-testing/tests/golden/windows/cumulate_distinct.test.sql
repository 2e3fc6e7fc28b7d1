--- use ../tables.sql
INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds') AS window, count(DISTINCT bidder) AS bidders FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidders":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidders":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"bidders":4}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidders":4}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:50"},"bidders":4}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:01:00"},"bidders":4}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidders":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidders":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:30"},"bidders":3}
