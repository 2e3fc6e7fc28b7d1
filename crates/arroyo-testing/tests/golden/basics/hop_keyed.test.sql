--- use ../tables.sql
INSERT INTO out
SELECT hop(INTERVAL '5 seconds', INTERVAL '15 seconds') AS window, bidder, count(*) AS n FROM bids GROUP BY 1, 2;

--- expect out
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:05"},"bidder":"ann","n":2}
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:05"},"bidder":"bob","n":3}
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:05"},"bidder":"dee","n":3}
{"window":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:10"},"bidder":"ann","n":4}
{"window":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:10"},"bidder":"bob","n":4}
{"window":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:10"},"bidder":"cid","n":2}
{"window":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:10"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:15"},"bidder":"ann","n":6}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:15"},"bidder":"bob","n":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:15"},"bidder":"cid","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:15"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:20"},"bidder":"ann","n":5}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:20"},"bidder":"bob","n":2}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:20"},"bidder":"cid","n":3}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:20"},"bidder":"dee","n":2}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:25"},"bidder":"ann","n":3}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:25"},"bidder":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:25"},"bidder":"cid","n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:25"},"bidder":"dee","n":2}
{"window":{"start":"2024-01-01T00:00:15","end":"2024-01-01T00:00:30"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:15","end":"2024-01-01T00:00:30"},"bidder":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:15","end":"2024-01-01T00:00:30"},"bidder":"dee","n":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:35"},"bidder":"cid","n":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:35"},"bidder":"dee","n":1}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:40"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:40"},"bidder":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:40"},"bidder":"cid","n":5}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:40"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:45"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:45"},"bidder":"bob","n":2}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:45"},"bidder":"cid","n":5}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:45"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:50"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:50"},"bidder":"bob","n":2}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:50"},"bidder":"cid","n":3}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:50"},"bidder":"dee","n":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:55"},"bidder":"bob","n":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:55"},"bidder":"dee","n":1}
{"window":{"start":"2024-01-01T00:00:45","end":"2024-01-01T00:01:00"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:45","end":"2024-01-01T00:01:00"},"bidder":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:45","end":"2024-01-01T00:01:00"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:05"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:05"},"bidder":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:05"},"bidder":"cid","n":2}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:05"},"bidder":"dee","n":4}
{"window":{"start":"2024-01-01T00:00:55","end":"2024-01-01T00:01:10"},"bidder":"ann","n":2}
{"window":{"start":"2024-01-01T00:00:55","end":"2024-01-01T00:01:10"},"bidder":"cid","n":2}
{"window":{"start":"2024-01-01T00:00:55","end":"2024-01-01T00:01:10"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:15"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:15"},"bidder":"cid","n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:15"},"bidder":"dee","n":1}
{"window":{"start":"2024-01-01T00:01:05","end":"2024-01-01T00:01:20"},"bidder":"ann","n":1}
