--- use ../tables.sql
INSERT INTO out
SELECT bidder, twice FROM (SELECT bidder, price * 2 AS twice FROM bids) WHERE twice > 100;

--- expect out
{"bidder":"ann","twice":102}
{"bidder":"ann","twice":118}
{"bidder":"ann","twice":132}
{"bidder":"ann","twice":144}
{"bidder":"ann","twice":146}
{"bidder":"ann","twice":196}
{"bidder":"ann","twice":196}
{"bidder":"bob","twice":112}
{"bidder":"bob","twice":158}
{"bidder":"bob","twice":190}
{"bidder":"cid","twice":108}
{"bidder":"cid","twice":124}
{"bidder":"cid","twice":140}
{"bidder":"cid","twice":166}
{"bidder":"dee","twice":114}
{"bidder":"dee","twice":124}
{"bidder":"dee","twice":130}
{"bidder":"dee","twice":168}
{"bidder":"dee","twice":170}
{"bidder":"dee","twice":186}
{"bidder":"dee","twice":192}
