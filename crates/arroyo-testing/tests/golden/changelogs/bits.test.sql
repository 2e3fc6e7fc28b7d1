--- use tables.sql
INSERT INTO changes
SELECT channel, bit_and(auction) AS a, bit_or(auction) AS o, bit_xor(auction) AS x FROM bids GROUP BY channel;

--- expect changes
{"channel":"app","a":0,"o":3,"x":1}
{"channel":"tv","a":0,"o":3,"x":3}
{"channel":"web","a":0,"o":3,"x":3}
{"channel":null,"a":0,"o":3,"x":0}
