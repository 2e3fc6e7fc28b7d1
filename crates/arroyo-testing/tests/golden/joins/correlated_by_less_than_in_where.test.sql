--- use tables.sql
INSERT INTO changes
SELECT o.id, o.customer FROM orders o
WHERE (SELECT count(*) FROM payments p WHERE p.payer <> o.customer AND p.amount > o.amount) > 5
  AND o.amount IN (SELECT max(p.amount) FROM payments p WHERE p.amount <= o.amount);

--- expect changes
{"id":21,"customer":"ann"}
{"id":25,"customer":"ann"}
{"id":26,"customer":"ann"}
{"id":32,"customer":"ann"}
{"id":3,"customer":"ann"}
{"id":7,"customer":"ann"}
{"id":0,"customer":"bob"}
{"id":15,"customer":"bob"}
{"id":15,"customer":"bob"}
{"id":17,"customer":"bob"}
{"id":18,"customer":"bob"}
{"id":14,"customer":"cid"}
{"id":29,"customer":"cid"}
{"id":35,"customer":"cid"}
