--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, count(DISTINCT bidder) AS bidders, sum(DISTINCT auction) AS auctions FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidders":4,"auctions":6}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidders":4,"auctions":6}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidders":3,"auctions":6}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidders":3,"auctions":6}
