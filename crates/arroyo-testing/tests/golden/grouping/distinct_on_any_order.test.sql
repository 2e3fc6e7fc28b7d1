--- use ../tables.sql
INSERT INTO out
SELECT DISTINCT ON (channel, auction) channel, auction, id FROM bids;

--- expect out
{"channel":"app","auction":1,"id":3}
{"channel":"tv","auction":1,"id":7}
{"channel":"web","auction":1,"id":0}
{"channel":null,"auction":1,"id":36}
{"channel":"app","auction":2,"id":11}
{"channel":"tv","auction":2,"id":5}
{"channel":"web","auction":2,"id":27}
{"channel":null,"auction":2,"id":24}
{"channel":"app","auction":3,"id":4}
{"channel":"tv","auction":3,"id":10}
{"channel":"web","auction":3,"id":2}
{"channel":null,"auction":3,"id":6}
