--- use ../tables.sql
INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '1 minute') AS window, bidder, count(*) AS n, max(price) AS top FROM bids GROUP BY 1, 2;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"ann","n":4,"top":98}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"bob","n":4,"top":95}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"cid","n":2,"top":18}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"dee","n":3,"top":84}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","n":7,"top":98}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","n":5,"top":95}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","n":3,"top":37}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","n":5,"top":84}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"bidder":"ann","n":7,"top":98}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"bidder":"bob","n":5,"top":95}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"bidder":"cid","n":3,"top":37}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"bidder":"dee","n":5,"top":84}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:40"},"bidder":"ann","n":8,"top":98}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:40"},"bidder":"bob","n":6,"top":95}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:40"},"bidder":"cid","n":8,"top":83}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:40"},"bidder":"dee","n":8,"top":96}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:50"},"bidder":"ann","n":8,"top":98}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:50"},"bidder":"bob","n":7,"top":95}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:50"},"bidder":"cid","n":8,"top":83}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:50"},"bidder":"dee","n":8,"top":96}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"bidder":"ann","n":9,"top":98}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"bidder":"bob","n":8,"top":95}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"bidder":"cid","n":8,"top":83}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"bidder":"dee","n":11,"top":96}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"ann","n":1,"top":51}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"cid","n":2,"top":54}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"dee","n":1,"top":57}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","n":1,"top":51}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","n":2,"top":54}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","n":1,"top":57}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:30"},"bidder":"ann","n":1,"top":51}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:30"},"bidder":"cid","n":2,"top":54}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:30"},"bidder":"dee","n":1,"top":57}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:40"},"bidder":"ann","n":1,"top":51}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:40"},"bidder":"cid","n":2,"top":54}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:40"},"bidder":"dee","n":1,"top":57}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:50"},"bidder":"ann","n":1,"top":51}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:50"},"bidder":"cid","n":2,"top":54}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:50"},"bidder":"dee","n":1,"top":57}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"bidder":"ann","n":1,"top":51}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"bidder":"cid","n":2,"top":54}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"bidder":"dee","n":1,"top":57}
