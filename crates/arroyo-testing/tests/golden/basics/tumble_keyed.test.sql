--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, bidder, count(*) AS n, min(price) AS low, max(price) AS high FROM bids GROUP BY window, bidder;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"ann","n":4,"low":35,"high":98}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"bob","n":4,"low":5,"high":95}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"cid","n":2,"low":3,"high":18}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"bidder":"dee","n":3,"low":8,"high":84}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"ann","n":3,"low":10,"high":73}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"bob","n":1,"low":9,"high":9}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"cid","n":1,"low":37,"high":37}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"bidder":"dee","n":2,"low":20,"high":62}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"ann","n":1,"low":50,"high":50}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"bob","n":1,"low":79,"high":79}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"cid","n":5,"low":27,"high":83}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"bidder":"dee","n":3,"low":46,"high":96}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"bidder":"bob","n":1,"low":56,"high":56}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":"ann","n":1,"low":98,"high":98}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":"bob","n":1,"low":23,"high":23}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"bidder":"dee","n":3,"low":14,"high":85}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"ann","n":1,"low":51,"high":51}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"cid","n":2,"low":16,"high":54}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"bidder":"dee","n":1,"low":57,"high":57}
