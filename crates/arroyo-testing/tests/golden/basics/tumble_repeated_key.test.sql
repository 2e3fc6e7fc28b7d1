--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, bidder AS a, bidder AS b, sum(price) AS total, count(*) AS n FROM bids GROUP BY window, bidder, bidder;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"a":"ann","b":"ann","total":271,"n":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"a":"bob","b":"bob","total":111,"n":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"a":"cid","b":"cid","total":21,"n":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"a":"dee","b":"dee","total":133,"n":3}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"a":"ann","b":"ann","total":142,"n":3}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"a":"bob","b":"bob","total":9,"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"a":"cid","b":"cid","total":37,"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"a":"dee","b":"dee","total":82,"n":2}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"a":"ann","b":"ann","total":50,"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"a":"bob","b":"bob","total":79,"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"a":"cid","b":"cid","total":276,"n":5}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"a":"dee","b":"dee","total":235,"n":3}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"a":"bob","b":"bob","total":56,"n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"a":"ann","b":"ann","total":98,"n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"a":"bob","b":"bob","total":23,"n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"a":"dee","b":"dee","total":164,"n":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"a":"ann","b":"ann","total":51,"n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"a":"cid","b":"cid","total":70,"n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"a":"dee","b":"dee","total":57,"n":1}
