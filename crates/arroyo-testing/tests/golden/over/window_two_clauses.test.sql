--- use tables.sql
INSERT INTO out
SELECT window, bidder, rank() OVER (PARTITION BY window ORDER BY n) AS by_n, rank() OVER (PARTITION BY window ORDER BY total DESC NULLS LAST) AS by_total, count(*) OVER (PARTITION BY window) AS bidders FROM totals;

--- expect out
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"ann","by_n":1,"by_total":2,"bidders":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","by_n":1,"by_total":3,"bidders":3}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"ann","by_n":1,"by_total":4,"bidders":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","by_n":4,"by_total":1,"bidders":4}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"bob","by_n":2,"by_total":3,"bidders":3}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"bob","by_n":1,"by_total":3,"bidders":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","by_n":2,"by_total":3,"bidders":4}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","by_n":3,"by_total":1,"bidders":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","by_n":1,"by_total":4,"bidders":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","by_n":4,"by_total":1,"bidders":4}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","by_n":1,"by_total":2,"bidders":3}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","by_n":3,"by_total":1,"bidders":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","by_n":2,"by_total":2,"bidders":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"dee","by_n":3,"by_total":2,"bidders":4}
