--- use tables.sql
INSERT INTO out
SELECT id, o.customer, p.payer FROM orders o JOIN (SELECT order_id::BIGINT AS id, payer FROM payments) p USING (id);

--- expect out
{"id":0,"customer":"bob","payer":"ann"}
{"id":0,"customer":"bob","payer":"ann"}
{"id":1,"customer":"cid","payer":"ann"}
{"id":10,"customer":"bob","payer":"eve"}
{"id":11,"customer":null,"payer":"ann"}
{"id":11,"customer":null,"payer":"cid"}
{"id":12,"customer":"cid","payer":"ann"}
{"id":13,"customer":"zoe","payer":"ann"}
{"id":16,"customer":"cid","payer":"cid"}
{"id":18,"customer":"bob","payer":null}
{"id":2,"customer":"ann","payer":"bob"}
{"id":20,"customer":"ann","payer":"ann"}
{"id":21,"customer":"ann","payer":"cid"}
{"id":21,"customer":"ann","payer":null}
{"id":22,"customer":"ann","payer":"ann"}
{"id":22,"customer":"ann","payer":"ann"}
{"id":22,"customer":"ann","payer":"cid"}
{"id":23,"customer":"ann","payer":"ann"}
{"id":28,"customer":"ann","payer":"cid"}
{"id":28,"customer":"ann","payer":null}
{"id":29,"customer":"cid","payer":null}
{"id":31,"customer":"ann","payer":"ann"}
{"id":32,"customer":"ann","payer":"cid"}
{"id":32,"customer":"ann","payer":"cid"}
{"id":32,"customer":"ann","payer":null}
{"id":33,"customer":"ann","payer":"cid"}
{"id":33,"customer":"ann","payer":"eve"}
{"id":34,"customer":"ann","payer":"ann"}
{"id":34,"customer":"ann","payer":"ann"}
{"id":4,"customer":"zoe","payer":null}
{"id":4,"customer":"zoe","payer":null}
{"id":4,"customer":"zoe","payer":null}
{"id":4,"customer":"zoe","payer":null}
{"id":7,"customer":"ann","payer":"eve"}
{"id":8,"customer":"ann","payer":"ann"}
{"id":8,"customer":"ann","payer":"ann"}
{"id":8,"customer":"ann","payer":"ann"}
{"id":8,"customer":"ann","payer":"ann"}
{"id":8,"customer":"ann","payer":"cid"}
{"id":8,"customer":"ann","payer":"cid"}
{"id":9,"customer":"ann","payer":"eve"}
