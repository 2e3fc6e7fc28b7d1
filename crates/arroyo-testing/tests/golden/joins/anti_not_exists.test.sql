--- use tables.sql
INSERT INTO changes
SELECT id, customer FROM orders o WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id);

--- expect changes
{"customer":"ann","id":24}
{"customer":"ann","id":25}
{"customer":"ann","id":26}
{"customer":"ann","id":3}
{"customer":"ann","id":5}
{"customer":"bob","id":15}
{"customer":"bob","id":15}
{"customer":"bob","id":17}
{"customer":"bob","id":27}
{"customer":"bob","id":6}
{"customer":"cid","id":14}
{"customer":"cid","id":35}
{"customer":"zoe","id":19}
{"customer":null,"id":30}
