--- use tables.sql
INSERT INTO changes
SELECT bidder, sum(price) AS total FROM bids GROUP BY bidder HAVING max(price) > 80 AND count(*) < 20;

--- expect changes
{"bidder":"ann","total":612}
{"bidder":"bob","total":278}
{"bidder":"cid","total":404}
{"bidder":"dee","total":671}
