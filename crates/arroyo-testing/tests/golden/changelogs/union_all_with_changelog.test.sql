--- use tables.sql
INSERT INTO changes
SELECT bidder AS name, count(*) AS n FROM bids GROUP BY bidder UNION ALL SELECT sensor, 1 FROM sensors;

--- expect changes
{"name":"s1","n":1}
{"name":"s1","n":1}
{"name":"s1","n":1}
{"name":"s1","n":1}
{"name":"s1","n":1}
{"name":"s1","n":1}
{"name":"s1","n":1}
{"name":"s2","n":1}
{"name":"s2","n":1}
{"name":"s2","n":1}
{"name":"s2","n":1}
{"name":"s2","n":1}
{"name":"s2","n":1}
{"name":"s2","n":1}
{"name":"s2","n":1}
{"name":"s2","n":1}
{"name":"s2","n":1}
{"name":"s2","n":1}
{"name":"s3","n":1}
{"name":"s3","n":1}
{"name":"s3","n":1}
{"name":"s3","n":1}
{"name":"s3","n":1}
{"name":"s3","n":1}
{"name":"s3","n":1}
{"name":"s3","n":1}
{"name":"s4","n":1}
{"name":"s4","n":1}
{"name":"s4","n":1}
{"name":"s4","n":1}
{"name":"s4","n":1}
{"name":"s4","n":1}
{"name":"s4","n":1}
{"name":"s4","n":1}
{"name":"s4","n":1}
{"name":"s4","n":1}
{"name":"ann","n":10}
{"name":"cid","n":10}
{"name":"dee","n":12}
{"name":"bob","n":8}
