--- use tables.sql
SET updating_ttl = INTERVAL '1 hour';
INSERT INTO changes SELECT bidder, count(*) AS n FROM bids GROUP BY bidder;

--- expect changes
{"bidder":"ann","n":10}
{"bidder":"bob","n":8}
{"bidder":"cid","n":10}
{"bidder":"dee","n":12}
