--- use ../tables.sql
INSERT INTO changes
SELECT DISTINCT ON (bidder) bidder, id, price FROM bids ORDER BY bidder, at DESC, id;

--- expect changes
{"bidder":"ann","id":38,"price":51}
{"bidder":"bob","id":32,"price":23}
{"bidder":"cid","id":39,"price":54}
{"bidder":"dee","id":36,"price":57}
