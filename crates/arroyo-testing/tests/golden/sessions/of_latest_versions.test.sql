--- use tables.sql
INSERT INTO changes
SELECT session(INTERVAL '3 seconds') AS window, channel, count(*) AS bidders, sum(n) AS bids FROM (SELECT bidder, channel, count(*) AS n FROM bids GROUP BY bidder, channel) AS v GROUP BY 1, 2;

--- expect changes
{"window":{"start":"2024-01-01T00:00:01.800","end":"2024-01-01T00:00:04.800"},"channel":"web","bidders":1,"bids":1}
{"window":{"start":"2024-01-01T00:00:03.500","end":"2024-01-01T00:00:06.500"},"channel":null,"bidders":1,"bids":1}
{"window":{"start":"2024-01-01T00:00:07.400","end":"2024-01-01T00:00:10.400"},"channel":null,"bidders":1,"bids":1}
{"window":{"start":"2024-01-01T00:00:58.900","end":"2024-01-01T00:01:01.900"},"channel":"app","bidders":1,"bids":2}
{"window":{"start":"2024-01-01T00:00:18.600","end":"2024-01-01T00:00:21.600"},"channel":"tv","bidders":1,"bids":2}
{"window":{"start":"2024-01-01T00:00:30.500","end":"2024-01-01T00:00:33.500"},"channel":"web","bidders":1,"bids":2}
{"window":{"start":"2024-01-01T00:01:01.300","end":"2024-01-01T00:01:04.300"},"channel":null,"bidders":1,"bids":3}
{"window":{"start":"2024-01-01T00:00:39.600","end":"2024-01-01T00:00:42.600"},"channel":"app","bidders":1,"bids":4}
{"window":{"start":"2024-01-01T00:01:04.500","end":"2024-01-01T00:01:07.500"},"channel":"app","bidders":1,"bids":4}
{"window":{"start":"2024-01-01T00:01:05.300","end":"2024-01-01T00:01:08.300"},"channel":"tv","bidders":1,"bids":4}
{"window":{"start":"2024-01-01T00:00:54.700","end":"2024-01-01T00:00:57.700"},"channel":"app","bidders":1,"bids":5}
{"window":{"start":"2024-01-01T00:00:37.800","end":"2024-01-01T00:00:42.800"},"channel":"tv","bidders":2,"bids":5}
{"window":{"start":"2024-01-01T00:00:56.400","end":"2024-01-01T00:00:59.700"},"channel":"web","bidders":2,"bids":6}
