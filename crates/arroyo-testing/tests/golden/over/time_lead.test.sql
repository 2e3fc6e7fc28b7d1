--- use tables.sql
INSERT INTO out
SELECT id, bidder, lead(id) OVER (PARTITION BY bidder ORDER BY at) AS next, lead(price, 2, 0) OVER (PARTITION BY bidder ORDER BY at) AS after_next FROM bids;

--- expect out
{"id":34,"bidder":"ann","next":38,"after_next":0}
{"id":38,"bidder":"ann","next":null,"after_next":0}
{"id":29,"bidder":"bob","next":32,"after_next":0}
{"id":32,"bidder":"bob","next":null,"after_next":0}
{"id":37,"bidder":"cid","next":39,"after_next":0}
{"id":39,"bidder":"cid","next":null,"after_next":0}
{"id":35,"bidder":"dee","next":36,"after_next":0}
{"id":36,"bidder":"dee","next":null,"after_next":0}
{"id":9,"bidder":"ann","next":8,"after_next":10}
{"id":1,"bidder":"bob","next":4,"after_next":11}
{"id":27,"bidder":"dee","next":31,"after_next":14}
{"id":25,"bidder":"cid","next":30,"after_next":16}
{"id":2,"bidder":"dee","next":5,"after_next":20}
{"id":28,"bidder":"bob","next":29,"after_next":23}
{"id":20,"bidder":"cid","next":22,"after_next":27}
{"id":22,"bidder":"cid","next":25,"after_next":34}
{"id":7,"bidder":"ann","next":3,"after_next":35}
{"id":10,"bidder":"cid","next":12,"after_next":37}
{"id":0,"bidder":"dee","next":2,"after_next":41}
{"id":19,"bidder":"dee","next":24,"after_next":46}
{"id":15,"bidder":"ann","next":17,"after_next":50}
{"id":26,"bidder":"ann","next":34,"after_next":51}
{"id":30,"bidder":"cid","next":37,"after_next":54}
{"id":16,"bidder":"bob","next":28,"after_next":56}
{"id":33,"bidder":"dee","next":35,"after_next":57}
{"id":8,"bidder":"ann","next":13,"after_next":59}
{"id":14,"bidder":"cid","next":21,"after_next":62}
{"id":5,"bidder":"dee","next":18,"after_next":62}
{"id":31,"bidder":"dee","next":33,"after_next":65}
{"id":21,"bidder":"cid","next":20,"after_next":70}
{"id":13,"bidder":"ann","next":15,"after_next":73}
{"id":11,"bidder":"bob","next":16,"after_next":79}
{"id":12,"bidder":"cid","next":14,"after_next":83}
{"id":23,"bidder":"dee","next":27,"after_next":85}
{"id":6,"bidder":"bob","next":11,"after_next":9}
{"id":18,"bidder":"dee","next":19,"after_next":93}
{"id":4,"bidder":"bob","next":6,"after_next":95}
{"id":24,"bidder":"dee","next":23,"after_next":96}
{"id":17,"bidder":"ann","next":26,"after_next":98}
{"id":3,"bidder":"ann","next":9,"after_next":98}
