--- use ../tables.sql
INSERT INTO out
SELECT sensor, NOT ok AS broken FROM sensors WHERE ok IS NOT TRUE;

--- expect out
{"sensor":"s1","broken":true}
{"sensor":"s1","broken":true}
{"sensor":"s1","broken":true}
{"sensor":"s1","broken":true}
{"sensor":"s1","broken":true}
{"sensor":"s2","broken":true}
{"sensor":"s2","broken":true}
{"sensor":"s2","broken":true}
{"sensor":"s2","broken":true}
{"sensor":"s2","broken":true}
{"sensor":"s2","broken":true}
{"sensor":"s3","broken":true}
{"sensor":"s3","broken":true}
{"sensor":"s3","broken":true}
{"sensor":"s4","broken":true}
{"sensor":"s4","broken":true}
{"sensor":"s4","broken":true}
{"sensor":"s4","broken":true}
{"sensor":"s4","broken":true}
