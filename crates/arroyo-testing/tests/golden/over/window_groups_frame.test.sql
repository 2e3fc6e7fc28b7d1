--- use tables.sql
INSERT INTO out
SELECT window, bidder, n, sum(total) OVER (PARTITION BY window ORDER BY n GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS two_groups FROM totals;

--- expect out
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","n":1,"two_groups":108}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"ann","n":1,"two_groups":129}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"ann","n":1,"two_groups":98}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","n":7,"two_groups":748}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"bob","n":1,"two_groups":129}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"bob","n":2,"two_groups":177}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","n":5,"two_groups":393}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","n":2,"two_groups":178}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","n":3,"two_groups":58}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","n":5,"two_groups":511}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","n":1,"two_groups":108}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","n":3,"two_groups":243}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"dee","n":3,"two_groups":364}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","n":5,"two_groups":393}
