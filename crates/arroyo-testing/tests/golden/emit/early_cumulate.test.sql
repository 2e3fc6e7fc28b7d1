--- use tables.sql
INSERT INTO changes
SELECT cumulate(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, channel, count(DISTINCT bidder) AS bidders FROM bids GROUP BY 1, 2
EMIT EVERY INTERVAL '1 millisecond';

--- expect changes
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:35"},"channel":"app","bidders":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:45"},"channel":"app","bidders":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"channel":"app","bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:05"},"channel":"app","bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":"app","bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:15"},"channel":"app","bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"channel":"app","bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":"tv","bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:15"},"channel":"tv","bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"channel":"tv","bidders":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:35"},"channel":"web","bidders":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:05"},"channel":null,"bidders":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:35"},"channel":null,"bidders":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"channel":null,"bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:05"},"channel":null,"bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":null,"bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:15"},"channel":null,"bidders":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"channel":null,"bidders":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:05"},"channel":"app","bidders":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"app","bidders":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:15"},"channel":"app","bidders":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"channel":"app","bidders":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"channel":"app","bidders":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:55"},"channel":"app","bidders":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"channel":"app","bidders":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:05"},"channel":"tv","bidders":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"channel":"tv","bidders":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:05"},"channel":"web","bidders":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"web","bidders":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"channel":"web","bidders":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"channel":"web","bidders":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":null,"bidders":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:15"},"channel":null,"bidders":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"tv","bidders":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:15"},"channel":"tv","bidders":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"channel":"tv","bidders":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:15"},"channel":"web","bidders":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"channel":"web","bidders":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"channel":null,"bidders":3}
