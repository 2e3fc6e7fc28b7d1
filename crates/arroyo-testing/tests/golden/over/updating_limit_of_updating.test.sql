--- use tables.sql
INSERT INTO changes
SELECT bidder, id, price FROM (SELECT bidder, id, price, row_number() OVER (PARTITION BY bidder ORDER BY price DESC NULLS LAST, id) AS n FROM bids) WHERE n <= 2 ORDER BY price DESC, id LIMIT 3 OFFSET 1;

--- expect changes
{"bidder":"ann","id":34,"price":98}
{"bidder":"bob","id":11,"price":95}
{"bidder":"dee","id":27,"price":96}
