--- use tables.sql
INSERT INTO changes
SELECT bidder, price, rank() OVER (ORDER BY price DESC) AS place FROM (SELECT bidder, price, row_number() OVER (PARTITION BY bidder ORDER BY price DESC NULLS LAST, id) AS n FROM bids) WHERE n = 1;

--- expect changes
{"bidder":"ann","price":98,"place":1}
{"bidder":"bob","price":95,"place":3}
{"bidder":"cid","price":83,"place":4}
{"bidder":"dee","price":96,"place":2}
