--- use ../tables.sql
INSERT INTO out
SELECT DISTINCT ON (bidder) bidder, id, price FROM bids ORDER BY bidder, at;

--- expect out
{"bidder":"ann","id":7,"price":66}
{"bidder":"bob","id":1,"price":5}
{"bidder":"cid","id":10,"price":3}
{"bidder":"dee","id":0,"price":84}
