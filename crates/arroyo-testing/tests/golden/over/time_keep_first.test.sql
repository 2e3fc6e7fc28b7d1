--- use tables.sql
INSERT INTO out
SELECT id, bidder, auction FROM (SELECT *, row_number() OVER (PARTITION BY bidder, auction ORDER BY at) AS number FROM bids) WHERE number = 1;

--- expect out
{"id":7,"bidder":"ann","auction":1}
{"id":1,"bidder":"bob","auction":1}
{"id":14,"bidder":"cid","auction":1}
{"id":0,"bidder":"dee","auction":1}
{"id":34,"bidder":"ann","auction":2}
{"id":11,"bidder":"bob","auction":2}
{"id":12,"bidder":"cid","auction":2}
{"id":5,"bidder":"dee","auction":2}
{"id":8,"bidder":"ann","auction":3}
{"id":4,"bidder":"bob","auction":3}
{"id":10,"bidder":"cid","auction":3}
{"id":2,"bidder":"dee","auction":3}
