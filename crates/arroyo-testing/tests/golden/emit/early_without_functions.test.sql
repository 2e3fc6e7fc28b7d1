--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, bidder FROM bids GROUP BY 1, 2 EMIT EVERY INTERVAL '2 milliseconds';

--- expect changes
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"ann"}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"ann"}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"ann"}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":"ann"}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"ann"}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"bob"}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"bob"}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"bob"}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"bidder":"bob"}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":"bob"}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"cid"}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"cid"}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"cid"}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"cid"}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"dee"}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"dee"}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"dee"}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":"dee"}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"dee"}
