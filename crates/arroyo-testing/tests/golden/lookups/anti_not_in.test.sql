--- use tables.sql
INSERT INTO out
SELECT id, customer FROM orders WHERE customer NOT IN (SELECT name FROM customers);

--- expect out
{"id":13,"customer":"zoe"}
{"id":19,"customer":"zoe"}
{"id":4,"customer":"zoe"}
{"id":4,"customer":"zoe"}
