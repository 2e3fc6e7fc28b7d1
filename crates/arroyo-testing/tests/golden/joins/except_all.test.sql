--- use tables.sql
INSERT INTO changes
SELECT customer FROM orders EXCEPT ALL SELECT name FROM people;

--- expect changes
{"customer":"zoe"}
{"customer":"zoe"}
{"customer":"zoe"}
{"customer":"zoe"}
