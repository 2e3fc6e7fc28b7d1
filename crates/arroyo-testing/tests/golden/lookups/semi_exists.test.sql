--- use tables.sql
INSERT INTO out
SELECT id, customer FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.name = o.customer AND c.level * 10 > o.amount);

--- expect out
{"id":21,"customer":"ann"}
{"id":25,"customer":"ann"}
{"id":26,"customer":"ann"}
{"id":32,"customer":"ann"}
{"id":3,"customer":"ann"}
{"id":7,"customer":"ann"}
{"id":0,"customer":"bob"}
{"id":10,"customer":"bob"}
{"id":15,"customer":"bob"}
{"id":15,"customer":"bob"}
{"id":17,"customer":"bob"}
{"id":18,"customer":"bob"}
{"id":27,"customer":"bob"}
{"id":12,"customer":"cid"}
{"id":14,"customer":"cid"}
{"id":16,"customer":"cid"}
{"id":1,"customer":"cid"}
{"id":29,"customer":"cid"}
{"id":35,"customer":"cid"}
