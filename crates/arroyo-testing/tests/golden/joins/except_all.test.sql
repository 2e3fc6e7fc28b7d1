--- use tables.sql
INSERT INTO changes
SELECT customer FROM orders EXCEPT ALL SELECT name FROM people;

--- expect changes
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
{"customer":"cid"}
{"customer":"cid"}
{"customer":"cid"}
{"customer":"cid"}
{"customer":"cid"}
{"customer":"zoe"}
{"customer":"zoe"}
{"customer":"zoe"}
{"customer":"zoe"}
{"customer":null}
