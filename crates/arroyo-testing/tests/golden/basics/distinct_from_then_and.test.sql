--- use ../tables.sql
INSERT INTO out
SELECT a, b, a IS DISTINCT FROM true AND b AS other, NOT a IS NOT DISTINCT FROM b OR a IS NULL AS differs
FROM (VALUES (true, true), (true, false), (false, true), (false, false), (NULL, true), (NULL, NULL)) AS t(a, b)
WHERE a IS NOT DISTINCT FROM b OR b IS DISTINCT FROM NULL AND a IS DISTINCT FROM false;

--- expect out
{"a":true,"b":true,"other":false,"differs":false}
{"a":true,"b":false,"other":false,"differs":true}
{"a":false,"b":false,"other":false,"differs":false}
{"a":null,"b":true,"other":true,"differs":true}
{"a":null,"b":null,"other":null,"differs":true}
