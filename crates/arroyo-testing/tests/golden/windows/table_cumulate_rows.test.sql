--- use ../tables.sql
INSERT INTO out
SELECT id, bidder, window_start, window_end FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) WHERE auction = 3;

--- expect out
{"id":10,"bidder":"cid","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10"}
{"id":10,"bidder":"cid","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:20"}
{"id":10,"bidder":"cid","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30"}
{"id":15,"bidder":"ann","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:20"}
{"id":15,"bidder":"ann","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30"}
{"id":18,"bidder":"dee","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:20"}
{"id":18,"bidder":"dee","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30"}
{"id":2,"bidder":"dee","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10"}
{"id":2,"bidder":"dee","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:20"}
{"id":2,"bidder":"dee","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30"}
{"id":20,"bidder":"cid","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40"}
{"id":20,"bidder":"cid","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:50"}
{"id":20,"bidder":"cid","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00"}
{"id":22,"bidder":"cid","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40"}
{"id":22,"bidder":"cid","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:50"}
{"id":22,"bidder":"cid","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00"}
{"id":23,"bidder":"dee","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40"}
{"id":23,"bidder":"dee","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:50"}
{"id":23,"bidder":"dee","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00"}
{"id":26,"bidder":"ann","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40"}
{"id":26,"bidder":"ann","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:50"}
{"id":26,"bidder":"ann","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00"}
{"id":29,"bidder":"bob","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:50"}
{"id":29,"bidder":"bob","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00"}
{"id":31,"bidder":"dee","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00"}
{"id":33,"bidder":"dee","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00"}
{"id":35,"bidder":"dee","window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:01:00"}
{"id":37,"bidder":"cid","window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10"}
{"id":37,"bidder":"cid","window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:20"}
{"id":37,"bidder":"cid","window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:30"}
{"id":38,"bidder":"ann","window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10"}
{"id":38,"bidder":"ann","window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:20"}
{"id":38,"bidder":"ann","window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:30"}
{"id":4,"bidder":"bob","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10"}
{"id":4,"bidder":"bob","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:20"}
{"id":4,"bidder":"bob","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30"}
{"id":6,"bidder":"bob","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10"}
{"id":6,"bidder":"bob","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:20"}
{"id":6,"bidder":"bob","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30"}
{"id":8,"bidder":"ann","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10"}
{"id":8,"bidder":"ann","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:20"}
{"id":8,"bidder":"ann","window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:30"}
