--- use tables.sql
INSERT INTO changes
SELECT id, customer FROM orders o WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE p.payer = o.customer AND p.amount > o.amount);

--- expect changes
{"customer":"ann","id":28}
{"customer":"ann","id":31}
{"customer":"ann","id":33}
{"customer":"ann","id":34}
{"customer":"ann","id":5}
{"customer":"ann","id":8}
{"customer":"ann","id":8}
{"customer":"ann","id":9}
{"customer":"bob","id":0}
{"customer":"bob","id":10}
{"customer":"bob","id":15}
{"customer":"bob","id":15}
{"customer":"bob","id":17}
{"customer":"bob","id":18}
{"customer":"bob","id":27}
{"customer":"bob","id":6}
{"customer":"cid","id":12}
{"customer":"cid","id":1}
{"customer":"zoe","id":13}
{"customer":"zoe","id":19}
{"customer":"zoe","id":4}
{"customer":"zoe","id":4}
{"customer":null,"id":11}
{"customer":null,"id":30}
