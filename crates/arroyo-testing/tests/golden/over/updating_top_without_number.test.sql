--- use tables.sql
INSERT INTO changes
SELECT bidder, id, price FROM (SELECT *, row_number() OVER (PARTITION BY bidder ORDER BY price DESC NULLS LAST, id) AS place FROM bids) WHERE place <= 3;

--- expect changes
{"bidder":"ann","id":17,"price":73}
{"bidder":"ann","id":34,"price":98}
{"bidder":"ann","id":8,"price":98}
{"bidder":"bob","id":11,"price":95}
{"bidder":"bob","id":28,"price":79}
{"bidder":"bob","id":29,"price":56}
{"bidder":"cid","id":20,"price":62}
{"bidder":"cid","id":21,"price":83}
{"bidder":"cid","id":22,"price":70}
{"bidder":"dee","id":24,"price":93}
{"bidder":"dee","id":27,"price":96}
{"bidder":"dee","id":31,"price":85}
