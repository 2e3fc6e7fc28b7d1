--- use tables.sql
INSERT INTO changes
SELECT id, customer FROM orders WHERE customer NOT IN (SELECT name FROM people);

--- expect changes
