--- use tables.sql
INSERT INTO changes
SELECT count(*) AS n FROM (SELECT id FROM orders LIMIT 5);

--- expect changes
{"n":5}
