--- use tables.sql
INSERT INTO changes
SELECT name, age FROM people p
WHERE age > 50 OR city NOT IN (SELECT city FROM people q WHERE q.age < 40)
    OR (age NOT IN (SELECT amount FROM orders o WHERE o.customer = p.name)) IS NULL;

--- expect changes
{"name":"ann","age":31}
{"name":"dee","age":58}
{"name":null,"age":70}
