--- use ../tables.sql
INSERT INTO out
SELECT hop(INTERVAL '9 seconds', INTERVAL '6 seconds', INTERVAL '1 second') AS window, bidder, count(*) AS n FROM bids GROUP BY 1, 2;

--- expect out
{"window":{"start":"2024-01-01T00:00:01","end":"2024-01-01T00:00:07"},"bidder":"ann","n":3}
{"window":{"start":"2024-01-01T00:00:01","end":"2024-01-01T00:00:07"},"bidder":"bob","n":3}
{"window":{"start":"2024-01-01T00:00:01","end":"2024-01-01T00:00:07"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:16"},"bidder":"ann","n":2}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:16"},"bidder":"cid","n":1}
{"window":{"start":"2024-01-01T00:00:28","end":"2024-01-01T00:00:34"},"bidder":"cid","n":2}
{"window":{"start":"2024-01-01T00:00:37","end":"2024-01-01T00:00:43"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:37","end":"2024-01-01T00:00:43"},"bidder":"bob","n":2}
{"window":{"start":"2024-01-01T00:00:37","end":"2024-01-01T00:00:43"},"bidder":"cid","n":1}
{"window":{"start":"2024-01-01T00:00:37","end":"2024-01-01T00:00:43"},"bidder":"dee","n":1}
{"window":{"start":"2024-01-01T00:00:55","end":"2024-01-01T00:01:01"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:55","end":"2024-01-01T00:01:01"},"bidder":"dee","n":2}
{"window":{"start":"2024-01-01T00:01:04","end":"2024-01-01T00:01:10"},"bidder":"ann","n":1}
{"window":{"start":"2024-01-01T00:01:04","end":"2024-01-01T00:01:10"},"bidder":"cid","n":1}
