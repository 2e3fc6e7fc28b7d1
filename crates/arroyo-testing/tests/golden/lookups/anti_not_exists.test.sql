--- use tables.sql
INSERT INTO out
SELECT id, customer FROM orders o WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.name = o.customer);

--- expect out
{"id":13,"customer":"zoe"}
{"id":19,"customer":"zoe"}
{"id":4,"customer":"zoe"}
{"id":4,"customer":"zoe"}
{"id":11,"customer":null}
{"id":30,"customer":null}
