--- use tables.sql
INSERT INTO out
SELECT id, customer FROM orders WHERE customer IN (SELECT name FROM customers WHERE level > 1);

--- expect out
{"id":0,"customer":"bob"}
{"id":10,"customer":"bob"}
{"id":15,"customer":"bob"}
{"id":15,"customer":"bob"}
{"id":17,"customer":"bob"}
{"id":18,"customer":"bob"}
{"id":27,"customer":"bob"}
{"id":6,"customer":"bob"}
{"id":12,"customer":"cid"}
{"id":14,"customer":"cid"}
{"id":16,"customer":"cid"}
{"id":1,"customer":"cid"}
{"id":29,"customer":"cid"}
{"id":35,"customer":"cid"}
