--- use tables.sql
INSERT INTO changes
SELECT age FROM people p ORDER BY (SELECT count(*) FROM orders o WHERE o.customer = p.name) DESC, age LIMIT 3;

--- expect changes
{"age":31}
{"age":45}
{"age":45}
