--- use tables.sql
INSERT INTO changes
SELECT x, y FROM (VALUES (1, 'a'), (1, 'a'), (1, 'a'), (1, 'b'), (2, NULL), (2, NULL)) AS a(x, y)
INTERSECT ALL SELECT x, y FROM (VALUES (1, 'a'), (1, 'a'), (2, NULL), (3, 'c')) AS b(x, y);

--- expect changes
{"x":1,"y":"a"}
{"x":1,"y":"a"}
{"x":2,"y":null}
