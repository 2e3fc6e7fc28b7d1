--- use tables.sql
INSERT INTO out
SELECT id, bidder, row_number() OVER (PARTITION BY bidder ORDER BY at) AS number FROM bids;

--- expect out
{"id":13,"bidder":"ann","number":5}
{"id":15,"bidder":"ann","number":6}
{"id":17,"bidder":"ann","number":7}
{"id":26,"bidder":"ann","number":8}
{"id":3,"bidder":"ann","number":2}
{"id":34,"bidder":"ann","number":9}
{"id":38,"bidder":"ann","number":10}
{"id":7,"bidder":"ann","number":1}
{"id":8,"bidder":"ann","number":4}
{"id":9,"bidder":"ann","number":3}
{"id":1,"bidder":"bob","number":1}
{"id":11,"bidder":"bob","number":4}
{"id":16,"bidder":"bob","number":5}
{"id":28,"bidder":"bob","number":6}
{"id":29,"bidder":"bob","number":7}
{"id":32,"bidder":"bob","number":8}
{"id":4,"bidder":"bob","number":2}
{"id":6,"bidder":"bob","number":3}
{"id":10,"bidder":"cid","number":1}
{"id":12,"bidder":"cid","number":2}
{"id":14,"bidder":"cid","number":3}
{"id":20,"bidder":"cid","number":5}
{"id":21,"bidder":"cid","number":4}
{"id":22,"bidder":"cid","number":6}
{"id":25,"bidder":"cid","number":7}
{"id":30,"bidder":"cid","number":8}
{"id":37,"bidder":"cid","number":9}
{"id":39,"bidder":"cid","number":10}
{"id":0,"bidder":"dee","number":1}
{"id":18,"bidder":"dee","number":4}
{"id":19,"bidder":"dee","number":5}
{"id":2,"bidder":"dee","number":2}
{"id":23,"bidder":"dee","number":7}
{"id":24,"bidder":"dee","number":6}
{"id":27,"bidder":"dee","number":8}
{"id":31,"bidder":"dee","number":9}
{"id":33,"bidder":"dee","number":10}
{"id":35,"bidder":"dee","number":11}
{"id":36,"bidder":"dee","number":12}
{"id":5,"bidder":"dee","number":3}
