--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, bidder, count(*) AS n FROM bids GROUP BY 1, 2 HAVING count(*) > 1 EMIT EVERY INTERVAL '2 milliseconds';

--- expect changes
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"ann","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"ann","n":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"bob","n":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"cid","n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"cid","n":2}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"cid","n":5}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"dee","n":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"dee","n":3}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":"dee","n":3}
