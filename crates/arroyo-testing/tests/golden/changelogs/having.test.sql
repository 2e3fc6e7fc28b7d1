--- use tables.sql
INSERT INTO changes
SELECT bidder, count(*) AS n FROM bids GROUP BY bidder HAVING count(*) % 2 = 0;

--- expect changes
{"bidder":"ann","n":10}
{"bidder":"bob","n":8}
{"bidder":"cid","n":10}
{"bidder":"dee","n":12}
