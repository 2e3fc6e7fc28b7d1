--- use tables.sql
INSERT INTO out
SELECT id, o.customer FROM orders o LEFT SEMI JOIN customers c ON c.name = o.customer;

--- expect out
{"id":20,"customer":"ann"}
{"id":21,"customer":"ann"}
{"id":22,"customer":"ann"}
{"id":23,"customer":"ann"}
{"id":24,"customer":"ann"}
{"id":25,"customer":"ann"}
{"id":26,"customer":"ann"}
{"id":28,"customer":"ann"}
{"id":2,"customer":"ann"}
{"id":31,"customer":"ann"}
{"id":32,"customer":"ann"}
{"id":33,"customer":"ann"}
{"id":34,"customer":"ann"}
{"id":3,"customer":"ann"}
{"id":5,"customer":"ann"}
{"id":7,"customer":"ann"}
{"id":8,"customer":"ann"}
{"id":8,"customer":"ann"}
{"id":9,"customer":"ann"}
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
