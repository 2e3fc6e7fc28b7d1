--- use tables.sql
INSERT INTO out
SELECT window, bidder, n, count(*) OVER (PARTITION BY window ORDER BY n RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS near FROM totals;

--- expect out
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"ann","n":1,"near":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"ann","n":1,"near":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","n":1,"near":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","n":7,"near":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"bob","n":1,"near":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"bob","n":2,"near":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","n":5,"near":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","n":2,"near":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","n":3,"near":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","n":5,"near":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","n":1,"near":3}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"dee","n":3,"near":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","n":3,"near":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","n":5,"near":2}
