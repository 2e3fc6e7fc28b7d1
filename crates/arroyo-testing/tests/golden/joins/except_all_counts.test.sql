--- use tables.sql
INSERT INTO changes
SELECT x FROM (VALUES (1), (1), (1), (2), (NULL), (NULL)) AS a(x)
EXCEPT ALL SELECT y FROM (VALUES (1), (NULL), (3)) AS b(y);

--- expect changes
{"x":1}
{"x":1}
{"x":2}
{"x":null}
