--- use ../tables.sql
INSERT INTO out
SELECT sensor, round(fahrenheit, 2) AS f FROM sensors;

--- expect out
{"sensor":"s1","f":71.87}
{"sensor":"s1","f":79.81}
{"sensor":"s1","f":null}
{"sensor":"s1","f":null}
{"sensor":"s1","f":null}
{"sensor":"s1","f":null}
{"sensor":"s1","f":null}
{"sensor":"s2","f":35.11}
{"sensor":"s2","f":36.9}
{"sensor":"s2","f":38.35}
{"sensor":"s2","f":43.48}
{"sensor":"s2","f":49.57}
{"sensor":"s2","f":61.21}
{"sensor":"s2","f":82.18}
{"sensor":"s2","f":82.62}
{"sensor":"s2","f":null}
{"sensor":"s2","f":null}
{"sensor":"s2","f":null}
{"sensor":"s3","f":29.03}
{"sensor":"s3","f":73.87}
{"sensor":"s3","f":85.57}
{"sensor":"s3","f":null}
{"sensor":"s3","f":null}
{"sensor":"s3","f":null}
{"sensor":"s3","f":null}
{"sensor":"s3","f":null}
{"sensor":"s4","f":58.5}
{"sensor":"s4","f":58.82}
{"sensor":"s4","f":73.58}
{"sensor":"s4","f":null}
{"sensor":"s4","f":null}
{"sensor":"s4","f":null}
{"sensor":"s4","f":null}
{"sensor":"s4","f":null}
{"sensor":"s4","f":null}
{"sensor":"s4","f":null}
