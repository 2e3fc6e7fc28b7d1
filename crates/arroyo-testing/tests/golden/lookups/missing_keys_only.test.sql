--- use tables.sql
INSERT INTO out
SELECT o.id, o.customer FROM orders o LEFT JOIN customers c ON o.customer = c.name WHERE c.name IS NULL;

--- expect out
{"id":13,"customer":"zoe"}
{"id":19,"customer":"zoe"}
{"id":4,"customer":"zoe"}
{"id":4,"customer":"zoe"}
{"id":11,"customer":null}
{"id":30,"customer":null}
