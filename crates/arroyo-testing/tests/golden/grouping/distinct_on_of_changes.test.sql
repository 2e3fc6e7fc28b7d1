--- use ../tables.sql
INSERT INTO changes
SELECT DISTINCT ON (n) n, bidder FROM (SELECT bidder, channel, count(*) AS n FROM bids GROUP BY bidder, channel) AS v ORDER BY n, bidder DESC;

--- expect changes
{"n":1,"bidder":"bob"}
{"n":4,"bidder":"cid"}
{"n":2,"bidder":"dee"}
{"n":3,"bidder":"dee"}
{"n":5,"bidder":"dee"}
