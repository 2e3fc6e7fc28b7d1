--- use tables.sql
INSERT INTO out
SELECT window, bidder, n, sum(n) OVER (PARTITION BY window ORDER BY n) AS up_to FROM totals;

--- expect out
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"ann","n":1,"up_to":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"ann","n":1,"up_to":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","n":1,"up_to":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","n":7,"up_to":20}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"bob","n":1,"up_to":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"bob","n":2,"up_to":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","n":5,"up_to":13}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","n":2,"up_to":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","n":3,"up_to":3}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","n":5,"up_to":10}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","n":1,"up_to":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"dee","n":3,"up_to":5}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","n":3,"up_to":6}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","n":5,"up_to":13}
