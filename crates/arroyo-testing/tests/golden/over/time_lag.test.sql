--- use tables.sql
INSERT INTO out
SELECT id, bidder, price - lag(price) OVER (PARTITION BY bidder ORDER BY at) AS difference, lag(id, 2, -1) OVER (PARTITION BY bidder ORDER BY at) AS before FROM bids;

--- expect out
{"id":3,"bidder":"ann","difference":6,"before":-1}
{"id":7,"bidder":"ann","difference":null,"before":-1}
{"id":1,"bidder":"bob","difference":null,"before":-1}
{"id":4,"bidder":"bob","difference":null,"before":-1}
{"id":12,"bidder":"cid","difference":15,"before":-1}
{"id":10,"bidder":"cid","difference":null,"before":-1}
{"id":2,"bidder":"dee","difference":-76,"before":-1}
{"id":0,"bidder":"dee","difference":null,"before":-1}
{"id":5,"bidder":"dee","difference":33,"before":0}
{"id":6,"bidder":"bob","difference":null,"before":1}
{"id":14,"bidder":"cid","difference":19,"before":10}
{"id":28,"bidder":"bob","difference":70,"before":11}
{"id":21,"bidder":"cid","difference":46,"before":12}
{"id":17,"bidder":"ann","difference":14,"before":13}
{"id":20,"bidder":"cid","difference":-21,"before":14}
{"id":26,"bidder":"ann","difference":-23,"before":15}
{"id":29,"bidder":"bob","difference":-23,"before":16}
{"id":34,"bidder":"ann","difference":48,"before":17}
{"id":24,"bidder":"dee","difference":31,"before":18}
{"id":23,"bidder":"dee","difference":-47,"before":19}
{"id":18,"bidder":"dee","difference":-21,"before":2}
{"id":25,"bidder":"cid","difference":-43,"before":20}
{"id":22,"bidder":"cid","difference":8,"before":21}
{"id":30,"bidder":"cid","difference":7,"before":22}
{"id":31,"bidder":"dee","difference":-11,"before":23}
{"id":27,"bidder":"dee","difference":50,"before":24}
{"id":37,"bidder":"cid","difference":-18,"before":25}
{"id":38,"bidder":"ann","difference":-47,"before":26}
{"id":33,"bidder":"dee","difference":-71,"before":27}
{"id":32,"bidder":"bob","difference":-33,"before":28}
{"id":8,"bidder":"ann","difference":63,"before":3}
{"id":39,"bidder":"cid","difference":38,"before":30}
{"id":35,"bidder":"dee","difference":51,"before":31}
{"id":36,"bidder":"dee","difference":-8,"before":33}
{"id":11,"bidder":"bob","difference":84,"before":4}
{"id":19,"bidder":"dee","difference":42,"before":5}
{"id":16,"bidder":"bob","difference":-86,"before":6}
{"id":9,"bidder":"ann","difference":-37,"before":7}
{"id":15,"bidder":"ann","difference":49,"before":8}
{"id":13,"bidder":"ann","difference":-88,"before":9}
