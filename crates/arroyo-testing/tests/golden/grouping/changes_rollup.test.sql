--- use ../tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, bidder, count(*) AS n FROM (SELECT bidder, channel, at, max(price) AS price FROM bids GROUP BY bidder, channel, at) AS v GROUP BY tumble(INTERVAL '10 seconds'), ROLLUP (bidder);

--- expect changes
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"ann","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"ann","n":4}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"bidder":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"bob","n":4}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"cid","n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"cid","n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"cid","n":2}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"cid","n":5}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"dee","n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"dee","n":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"bidder":null,"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":null,"n":10}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":null,"n":13}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":null,"n":4}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":null,"n":5}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":null,"n":7}
