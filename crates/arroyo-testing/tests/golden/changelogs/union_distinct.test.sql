--- use tables.sql
INSERT INTO changes
SELECT channel AS name FROM bids UNION SELECT sensor FROM sensors;

--- expect changes
{"name":"app"}
{"name":"s1"}
{"name":"s2"}
{"name":"s3"}
{"name":"s4"}
{"name":"tv"}
{"name":"web"}
{"name":null}
