--- use ../tables.sql
INSERT INTO out
SELECT * EXCLUDE (tags, item, extra, at) REPLACE (price * 2 AS price) FROM bids WHERE id < 6;

--- expect out
{"id":3,"auction":1,"bidder":"ann","price":144,"channel":"app"}
{"id":1,"auction":1,"bidder":"bob","price":10,"channel":"web"}
{"id":0,"auction":1,"bidder":"dee","price":168,"channel":"web"}
{"id":5,"auction":2,"bidder":"dee","price":82,"channel":"tv"}
{"id":4,"auction":3,"bidder":"bob","price":null,"channel":"app"}
{"id":2,"auction":3,"bidder":"dee","price":16,"channel":"web"}
