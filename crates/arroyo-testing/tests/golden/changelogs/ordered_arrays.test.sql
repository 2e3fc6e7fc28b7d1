--- use tables.sql
INSERT INTO changes
SELECT channel, array_agg(id ORDER BY price DESC, id) AS ids FROM bids GROUP BY channel;

--- expect changes
{"channel":"app","ids":[4,11,31,17,3,22,35,20,29,39,26,32,37,13,16]}
{"channel":"tv","ids":[28,7,19,15,38,5,9,30,25,12,10]}
{"channel":"web","ids":[34,27,0,21,23,14,33,2,1]}
{"channel":null,"ids":[8,24,36,18,6]}
