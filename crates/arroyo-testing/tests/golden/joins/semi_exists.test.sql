--- use tables.sql
INSERT INTO out
SELECT id, customer FROM orders o WHERE EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id);

--- expect out
{"id":0,"customer":"bob"}
{"id":1,"customer":"cid"}
{"id":10,"customer":"bob"}
{"id":11,"customer":null}
{"id":12,"customer":"cid"}
{"id":13,"customer":"zoe"}
{"id":16,"customer":"cid"}
{"id":18,"customer":"bob"}
{"id":2,"customer":"ann"}
{"id":20,"customer":"ann"}
{"id":21,"customer":"ann"}
{"id":22,"customer":"ann"}
{"id":23,"customer":"ann"}
{"id":28,"customer":"ann"}
{"id":29,"customer":"cid"}
{"id":31,"customer":"ann"}
{"id":32,"customer":"ann"}
{"id":33,"customer":"ann"}
{"id":34,"customer":"ann"}
{"id":4,"customer":"zoe"}
{"id":4,"customer":"zoe"}
{"id":7,"customer":"ann"}
{"id":8,"customer":"ann"}
{"id":8,"customer":"ann"}
{"id":9,"customer":"ann"}
