--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, min(bidder) AS first, max(channel) AS last FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"first":"ann","last":"web"}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"first":"ann","last":"web"}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"first":"ann","last":"web"}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"first":"ann","last":"tv"}
