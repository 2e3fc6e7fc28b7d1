--- use ../tables.sql
INSERT INTO out
SELECT session(INTERVAL '6 seconds') AS window, auction, round(avg(price), 4) AS mean, count(DISTINCT bidder) AS bidders, median(price) AS m FROM bids GROUP BY 1, 2;

--- expect out
{"window":{"start":"2024-01-01T00:00:01.700","end":"2024-01-01T00:00:24"},"auction":1,"mean":43.4444,"bidders":4,"m":37.0}
{"window":{"start":"2024-01-01T00:00:02.100","end":"2024-01-01T00:00:24.300"},"auction":3,"mean":33.1667,"bidders":4,"m":15.5}
{"window":{"start":"2024-01-01T00:00:02.600","end":"2024-01-01T00:00:08.600"},"auction":2,"mean":41.0,"bidders":1,"m":41.0}
{"window":{"start":"2024-01-01T00:00:08.900","end":"2024-01-01T00:00:15.500"},"auction":2,"mean":56.5,"bidders":2,"m":56.5}
{"window":{"start":"2024-01-01T00:00:18.600","end":"2024-01-01T00:00:24.600"},"auction":2,"mean":62.0,"bidders":1,"m":62.0}
{"window":{"start":"2024-01-01T00:00:30.500","end":"2024-01-01T00:00:45.800"},"auction":1,"mean":48.0,"bidders":1,"m":34.0}
{"window":{"start":"2024-01-01T00:00:32.600","end":"2024-01-01T00:00:47.100"},"auction":3,"mean":56.8,"bidders":4,"m":56.0}
{"window":{"start":"2024-01-01T00:00:34","end":"2024-01-01T00:00:44.400"},"auction":2,"mean":89.3333,"bidders":2,"m":93.0}
{"window":{"start":"2024-01-01T00:00:53.800","end":"2024-01-01T00:01:11.300"},"auction":3,"mean":46.2,"bidders":3,"m":51.0}
{"window":{"start":"2024-01-01T00:00:54.700","end":"2024-01-01T00:01:00.700"},"auction":1,"mean":23.0,"bidders":1,"m":23.0}
{"window":{"start":"2024-01-01T00:00:56.700","end":"2024-01-01T00:01:02.700"},"auction":2,"mean":98.0,"bidders":1,"m":98.0}
{"window":{"start":"2024-01-01T00:01:01.300","end":"2024-01-01T00:01:07.300"},"auction":1,"mean":57.0,"bidders":1,"m":57.0}
{"window":{"start":"2024-01-01T00:01:04.500","end":"2024-01-01T00:01:10.500"},"auction":2,"mean":54.0,"bidders":1,"m":54.0}
