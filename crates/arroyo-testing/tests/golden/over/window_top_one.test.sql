--- use tables.sql
INSERT INTO out
SELECT window, bidder, n FROM (SELECT *, row_number() OVER (PARTITION BY window ORDER BY n DESC, bidder) AS place FROM totals) WHERE place = 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","n":7}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","n":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","n":5}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","n":3}
