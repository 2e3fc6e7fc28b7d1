--- use tables.sql
INSERT INTO out
SELECT id, bidder, first_value(id) OVER (PARTITION BY bidder ORDER BY at) AS first, last_value(id) OVER (PARTITION BY bidder ORDER BY at) AS last, nth_value(id, 2) OVER (PARTITION BY bidder ORDER BY at) AS second, first_value(id) OVER (PARTITION BY bidder ORDER BY at ROWS 1 PRECEDING) AS before FROM bids;

--- expect out
{"id":0,"bidder":"dee","first":0,"last":0,"second":null,"before":0}
{"id":2,"bidder":"dee","first":0,"last":2,"second":2,"before":0}
{"id":1,"bidder":"bob","first":1,"last":1,"second":null,"before":1}
{"id":4,"bidder":"bob","first":1,"last":4,"second":4,"before":1}
{"id":10,"bidder":"cid","first":10,"last":10,"second":null,"before":10}
{"id":12,"bidder":"cid","first":10,"last":12,"second":12,"before":10}
{"id":16,"bidder":"bob","first":1,"last":16,"second":4,"before":11}
{"id":14,"bidder":"cid","first":10,"last":14,"second":12,"before":12}
{"id":15,"bidder":"ann","first":7,"last":15,"second":3,"before":13}
{"id":21,"bidder":"cid","first":10,"last":21,"second":12,"before":14}
{"id":17,"bidder":"ann","first":7,"last":17,"second":3,"before":15}
{"id":28,"bidder":"bob","first":1,"last":28,"second":4,"before":16}
{"id":26,"bidder":"ann","first":7,"last":26,"second":3,"before":17}
{"id":19,"bidder":"dee","first":0,"last":19,"second":2,"before":18}
{"id":24,"bidder":"dee","first":0,"last":24,"second":2,"before":19}
{"id":5,"bidder":"dee","first":0,"last":5,"second":2,"before":2}
{"id":22,"bidder":"cid","first":10,"last":22,"second":12,"before":20}
{"id":20,"bidder":"cid","first":10,"last":20,"second":12,"before":21}
{"id":25,"bidder":"cid","first":10,"last":25,"second":12,"before":22}
{"id":27,"bidder":"dee","first":0,"last":27,"second":2,"before":23}
{"id":23,"bidder":"dee","first":0,"last":23,"second":2,"before":24}
{"id":30,"bidder":"cid","first":10,"last":30,"second":12,"before":25}
{"id":34,"bidder":"ann","first":7,"last":34,"second":3,"before":26}
{"id":31,"bidder":"dee","first":0,"last":31,"second":2,"before":27}
{"id":29,"bidder":"bob","first":1,"last":29,"second":4,"before":28}
{"id":32,"bidder":"bob","first":1,"last":32,"second":4,"before":29}
{"id":9,"bidder":"ann","first":7,"last":9,"second":3,"before":3}
{"id":37,"bidder":"cid","first":10,"last":37,"second":12,"before":30}
{"id":33,"bidder":"dee","first":0,"last":33,"second":2,"before":31}
{"id":35,"bidder":"dee","first":0,"last":35,"second":2,"before":33}
{"id":38,"bidder":"ann","first":7,"last":38,"second":3,"before":34}
{"id":36,"bidder":"dee","first":0,"last":36,"second":2,"before":35}
{"id":39,"bidder":"cid","first":10,"last":39,"second":12,"before":37}
{"id":6,"bidder":"bob","first":1,"last":6,"second":4,"before":4}
{"id":18,"bidder":"dee","first":0,"last":18,"second":2,"before":5}
{"id":11,"bidder":"bob","first":1,"last":11,"second":4,"before":6}
{"id":3,"bidder":"ann","first":7,"last":3,"second":3,"before":7}
{"id":7,"bidder":"ann","first":7,"last":7,"second":null,"before":7}
{"id":13,"bidder":"ann","first":7,"last":13,"second":3,"before":8}
{"id":8,"bidder":"ann","first":7,"last":8,"second":3,"before":9}
