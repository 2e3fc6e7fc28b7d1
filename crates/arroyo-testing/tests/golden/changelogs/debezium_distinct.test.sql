--- use tables.sql
INSERT INTO changes
SELECT DISTINCT customer FROM orders;

--- expect changes
{"customer":"ann"}
{"customer":"bob"}
{"customer":"cyd"}
{"customer":null}
