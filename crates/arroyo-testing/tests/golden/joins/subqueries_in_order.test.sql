--- use tables.sql
INSERT INTO changes
SELECT name, age FROM people p
ORDER BY EXISTS (SELECT 1 FROM payments y WHERE y.payer = p.name), (SELECT count(*) FROM orders o WHERE o.customer = p.name) DESC, age
LIMIT 4;

--- expect changes
{"name":"ann","age":31}
{"name":"bob","age":45}
{"name":"dee","age":58}
{"name":null,"age":70}
