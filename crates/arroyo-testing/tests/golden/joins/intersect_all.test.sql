--- use tables.sql
INSERT INTO changes
SELECT customer FROM orders INTERSECT ALL SELECT name FROM people;

--- expect changes
{"customer":"ann"}
{"customer":"bob"}
{"customer":"bob"}
{"customer":"cid"}
{"customer":null}
