--- use tables.sql
INSERT INTO changes
SELECT bidder, id FROM (SELECT *, row_number() OVER (PARTITION BY bidder ORDER BY price DESC NULLS LAST, id) AS place FROM bids) WHERE place <= 3 AND auction = 1;

--- expect changes
{"bidder":"ann","id":17}
{"bidder":"cid","id":21}
