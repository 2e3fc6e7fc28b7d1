--- use tables.sql
INSERT INTO out
SELECT id, customer, amount FROM orders o WHERE amount > 15 OR EXISTS (SELECT 1 FROM customers c WHERE c.name = o.customer);

--- expect out
{"id":20,"customer":"ann","amount":10}
{"id":22,"customer":"ann","amount":10}
{"id":23,"customer":"ann","amount":10}
{"id":24,"customer":"ann","amount":10}
{"id":2,"customer":"ann","amount":10}
{"id":10,"customer":"bob","amount":10}
{"id":27,"customer":"bob","amount":10}
{"id":16,"customer":"cid","amount":10}
{"id":28,"customer":"ann","amount":20}
{"id":33,"customer":"ann","amount":20}
{"id":34,"customer":"ann","amount":20}
{"id":5,"customer":"ann","amount":20}
{"id":8,"customer":"ann","amount":20}
{"id":8,"customer":"ann","amount":20}
{"id":6,"customer":"bob","amount":20}
{"id":12,"customer":"cid","amount":20}
{"id":1,"customer":"cid","amount":20}
{"id":4,"customer":"zoe","amount":20}
{"id":4,"customer":"zoe","amount":20}
{"id":21,"customer":"ann","amount":5}
{"id":3,"customer":"ann","amount":5}
{"id":7,"customer":"ann","amount":5}
{"id":0,"customer":"bob","amount":5}
{"id":15,"customer":"bob","amount":5}
{"id":15,"customer":"bob","amount":5}
{"id":17,"customer":"bob","amount":5}
{"id":18,"customer":"bob","amount":5}
{"id":35,"customer":"cid","amount":5}
{"id":25,"customer":"ann","amount":8}
{"id":26,"customer":"ann","amount":8}
{"id":32,"customer":"ann","amount":8}
{"id":14,"customer":"cid","amount":8}
{"id":29,"customer":"cid","amount":8}
{"id":31,"customer":"ann","amount":null}
{"id":9,"customer":"ann","amount":null}
