--- use ../tables.sql
INSERT INTO out
SELECT id, CASE WHEN price >= 70 THEN 'high' WHEN price >= 30 THEN 'middle' WHEN price IS NULL THEN 'none' ELSE 'low' END AS band FROM bids;

--- expect out
{"id":0,"band":"high"}
{"id":1,"band":"low"}
{"id":10,"band":"low"}
{"id":11,"band":"high"}
{"id":12,"band":"low"}
{"id":13,"band":"low"}
{"id":14,"band":"middle"}
{"id":15,"band":"middle"}
{"id":16,"band":"low"}
{"id":17,"band":"high"}
{"id":18,"band":"low"}
{"id":19,"band":"middle"}
{"id":2,"band":"low"}
{"id":20,"band":"middle"}
{"id":21,"band":"high"}
{"id":22,"band":"high"}
{"id":23,"band":"middle"}
{"id":24,"band":"high"}
{"id":25,"band":"low"}
{"id":26,"band":"middle"}
{"id":27,"band":"high"}
{"id":28,"band":"high"}
{"id":29,"band":"middle"}
{"id":3,"band":"high"}
{"id":30,"band":"middle"}
{"id":31,"band":"high"}
{"id":32,"band":"low"}
{"id":33,"band":"low"}
{"id":34,"band":"high"}
{"id":35,"band":"middle"}
{"id":36,"band":"middle"}
{"id":37,"band":"low"}
{"id":38,"band":"middle"}
{"id":39,"band":"middle"}
{"id":4,"band":"none"}
{"id":5,"band":"middle"}
{"id":6,"band":"low"}
{"id":7,"band":"middle"}
{"id":8,"band":"high"}
{"id":9,"band":"middle"}
