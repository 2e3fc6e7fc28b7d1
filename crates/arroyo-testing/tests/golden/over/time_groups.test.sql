--- use tables.sql
INSERT INTO out
SELECT window, bidder, sum(n) OVER (ORDER BY window.end GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS two, count(*) OVER (ORDER BY window.end GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS ahead, count(*) OVER (ORDER BY window.end GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM totals;

--- expect out
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","two":10,"ahead":3,"before":11}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","two":10,"ahead":3,"before":11}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","two":10,"ahead":3,"before":11}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"ann","two":16,"ahead":6,"before":8}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"bob","two":16,"ahead":6,"before":8}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","two":16,"ahead":6,"before":8}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"ann","two":30,"ahead":7,"before":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"bob","two":30,"ahead":7,"before":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","two":30,"ahead":7,"before":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"dee","two":30,"ahead":7,"before":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","two":20,"ahead":8,"before":0}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","two":20,"ahead":8,"before":0}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","two":20,"ahead":8,"before":0}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","two":20,"ahead":8,"before":0}
