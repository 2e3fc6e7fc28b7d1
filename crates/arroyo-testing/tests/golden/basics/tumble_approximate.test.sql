--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, approx_distinct(bidder) AS bidders, approx_median(price) AS m FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"bidders":4,"m":56.0}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"bidders":3,"m":52.5}
