--- use tables.sql
INSERT INTO out
SELECT window, bidder, first_value(bidder) OVER w AS first, last_value(bidder) OVER w AS last, nth_value(bidder, 2) OVER w AS second
FROM totals WINDOW w AS (PARTITION BY window ORDER BY total DESC, bidder ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","first":"ann","last":"cid","second":"dee"}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"ann","first":"cid","last":"ann","second":"dee"}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","first":"cid","last":"ann","second":"dee"}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"ann","first":"dee","last":"bob","second":"ann"}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","first":"ann","last":"cid","second":"dee"}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"bob","first":"cid","last":"ann","second":"dee"}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"bob","first":"dee","last":"bob","second":"ann"}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","first":"ann","last":"cid","second":"dee"}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","first":"cid","last":"ann","second":"dee"}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","first":"cid","last":"ann","second":"dee"}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","first":"ann","last":"cid","second":"dee"}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"dee","first":"cid","last":"ann","second":"dee"}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","first":"cid","last":"ann","second":"dee"}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","first":"dee","last":"bob","second":"ann"}
