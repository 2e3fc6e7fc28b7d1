--- use ../tables.sql
INSERT INTO out
SELECT id, value IN UNNEST(list) AS is_in, value NOT IN UNNEST(list) AS is_not
FROM (VALUES (1, 1, [1, 2]), (2, 3, [1, 2]), (3, NULL, [1, 2]), (4, 1, [1, NULL]), (5, 3, [1, NULL]), (6, NULL, []), (7, 1, []), (8, 1, NULL)) AS lists (id, value, list);

--- expect out
{"id":1,"is_in":true,"is_not":false}
{"id":2,"is_in":false,"is_not":true}
{"id":3,"is_in":null,"is_not":null}
{"id":4,"is_in":true,"is_not":false}
{"id":5,"is_in":null,"is_not":null}
{"id":6,"is_in":false,"is_not":true}
{"id":7,"is_in":false,"is_not":true}
{"id":8,"is_in":false,"is_not":true}
