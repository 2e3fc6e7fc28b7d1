--- use tables.sql
INSERT INTO out
SELECT id, count(*) OVER (PARTITION BY auction ORDER BY at RANGE BETWEEN INTERVAL '2' SECOND PRECEDING AND INTERVAL '3' SECOND FOLLOWING) AS near FROM bids;

--- expect out
{"id":0,"near":4}
{"id":1,"near":4}
{"id":10,"near":2}
{"id":11,"near":2}
{"id":12,"near":2}
{"id":13,"near":2}
{"id":14,"near":2}
{"id":15,"near":1}
{"id":16,"near":2}
{"id":17,"near":2}
{"id":18,"near":1}
{"id":19,"near":1}
{"id":2,"near":3}
{"id":20,"near":2}
{"id":21,"near":1}
{"id":22,"near":2}
{"id":23,"near":2}
{"id":24,"near":1}
{"id":25,"near":1}
{"id":26,"near":2}
{"id":27,"near":2}
{"id":28,"near":2}
{"id":29,"near":2}
{"id":3,"near":4}
{"id":30,"near":1}
{"id":31,"near":2}
{"id":32,"near":1}
{"id":33,"near":2}
{"id":34,"near":1}
{"id":35,"near":1}
{"id":36,"near":1}
{"id":37,"near":2}
{"id":38,"near":1}
{"id":39,"near":1}
{"id":4,"near":3}
{"id":5,"near":1}
{"id":6,"near":3}
{"id":7,"near":4}
{"id":8,"near":2}
{"id":9,"near":1}
