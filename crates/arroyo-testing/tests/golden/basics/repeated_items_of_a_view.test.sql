--- use ../tables.sql
CREATE VIEW twice AS SELECT b.id, b.auction, auction::TEXT FROM bids b;
INSERT INTO out SELECT id, auction, auction_1 FROM twice WHERE id < 4;

--- expect out
{"id":0,"auction":1,"auction_1":"1"}
{"id":1,"auction":1,"auction_1":"1"}
{"id":3,"auction":1,"auction_1":"1"}
{"id":2,"auction":3,"auction_1":"3"}
