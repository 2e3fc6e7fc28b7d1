--- use ../tables.sql
INSERT INTO out
SELECT id, 'low' AS band FROM bids WHERE price < 30 UNION ALL SELECT id, 'high' FROM bids WHERE price >= 70;

--- expect out
{"id":0,"band":"high"}
{"id":1,"band":"low"}
{"id":10,"band":"low"}
{"id":11,"band":"high"}
{"id":12,"band":"low"}
{"id":13,"band":"low"}
{"id":16,"band":"low"}
{"id":17,"band":"high"}
{"id":18,"band":"low"}
{"id":2,"band":"low"}
{"id":21,"band":"high"}
{"id":22,"band":"high"}
{"id":24,"band":"high"}
{"id":25,"band":"low"}
{"id":27,"band":"high"}
{"id":28,"band":"high"}
{"id":3,"band":"high"}
{"id":31,"band":"high"}
{"id":32,"band":"low"}
{"id":33,"band":"low"}
{"id":34,"band":"high"}
{"id":37,"band":"low"}
{"id":6,"band":"low"}
{"id":8,"band":"high"}
