--- use tables.sql
INSERT INTO changes
SELECT sensor, bool_and(ok) AS every, bool_or(ok) AS some FROM sensors GROUP BY sensor;

--- expect changes
{"sensor":"s1","every":false,"some":true}
{"sensor":"s2","every":false,"some":true}
{"sensor":"s3","every":false,"some":true}
{"sensor":"s4","every":false,"some":true}
