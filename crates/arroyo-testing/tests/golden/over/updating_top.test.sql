--- use tables.sql
INSERT INTO changes
SELECT bidder, id, price, place FROM (SELECT *, row_number() OVER (PARTITION BY bidder ORDER BY price DESC NULLS LAST, id) AS place FROM bids) WHERE place <= 2;

--- expect changes
{"bidder":"ann","id":34,"price":98,"place":2}
{"bidder":"ann","id":8,"price":98,"place":1}
{"bidder":"bob","id":11,"price":95,"place":1}
{"bidder":"bob","id":28,"price":79,"place":2}
{"bidder":"cid","id":21,"price":83,"place":1}
{"bidder":"cid","id":22,"price":70,"place":2}
{"bidder":"dee","id":24,"price":93,"place":2}
{"bidder":"dee","id":27,"price":96,"place":1}
