--- use tables.sql
INSERT INTO out
SELECT customer FROM orders INTERSECT ALL SELECT name FROM people;

--- expect out
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"ann"}
{"customer":"bob"}
{"customer":"bob"}
{"customer":"bob"}
{"customer":"bob"}
{"customer":"bob"}
{"customer":"bob"}
{"customer":"bob"}
{"customer":"bob"}
{"customer":"cid"}
{"customer":"cid"}
{"customer":"cid"}
{"customer":"cid"}
{"customer":"cid"}
{"customer":"cid"}
{"customer":null}
{"customer":null}
