--- use tables.sql
INSERT INTO out
SELECT id, bidder, count(DISTINCT channel) OVER (PARTITION BY bidder ORDER BY at) AS channels, count(*) FILTER (WHERE price > 50) OVER (PARTITION BY bidder ORDER BY at) AS dear FROM bids;

--- expect out
{"id":7,"bidder":"ann","channels":1,"dear":1}
{"id":3,"bidder":"ann","channels":2,"dear":2}
{"id":9,"bidder":"ann","channels":2,"dear":2}
{"id":13,"bidder":"ann","channels":2,"dear":3}
{"id":8,"bidder":"ann","channels":2,"dear":3}
{"id":15,"bidder":"ann","channels":2,"dear":4}
{"id":17,"bidder":"ann","channels":2,"dear":5}
{"id":26,"bidder":"ann","channels":2,"dear":5}
{"id":34,"bidder":"ann","channels":3,"dear":6}
{"id":38,"bidder":"ann","channels":3,"dear":7}
{"id":1,"bidder":"bob","channels":1,"dear":0}
{"id":4,"bidder":"bob","channels":2,"dear":0}
{"id":6,"bidder":"bob","channels":2,"dear":0}
{"id":11,"bidder":"bob","channels":2,"dear":1}
{"id":16,"bidder":"bob","channels":2,"dear":1}
{"id":28,"bidder":"bob","channels":3,"dear":2}
{"id":29,"bidder":"bob","channels":3,"dear":3}
{"id":32,"bidder":"bob","channels":3,"dear":3}
{"id":10,"bidder":"cid","channels":1,"dear":0}
{"id":12,"bidder":"cid","channels":1,"dear":0}
{"id":14,"bidder":"cid","channels":2,"dear":0}
{"id":21,"bidder":"cid","channels":2,"dear":1}
{"id":20,"bidder":"cid","channels":3,"dear":2}
{"id":22,"bidder":"cid","channels":3,"dear":3}
{"id":25,"bidder":"cid","channels":3,"dear":3}
{"id":30,"bidder":"cid","channels":3,"dear":3}
{"id":37,"bidder":"cid","channels":3,"dear":3}
{"id":39,"bidder":"cid","channels":3,"dear":4}
{"id":0,"bidder":"dee","channels":1,"dear":1}
{"id":2,"bidder":"dee","channels":1,"dear":1}
{"id":18,"bidder":"dee","channels":2,"dear":1}
{"id":5,"bidder":"dee","channels":2,"dear":1}
{"id":19,"bidder":"dee","channels":2,"dear":2}
{"id":23,"bidder":"dee","channels":2,"dear":3}
{"id":24,"bidder":"dee","channels":2,"dear":3}
{"id":27,"bidder":"dee","channels":2,"dear":4}
{"id":31,"bidder":"dee","channels":3,"dear":5}
{"id":33,"bidder":"dee","channels":3,"dear":5}
{"id":35,"bidder":"dee","channels":3,"dear":6}
{"id":36,"bidder":"dee","channels":3,"dear":7}
