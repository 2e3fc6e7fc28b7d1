--- use tables.sql
INSERT INTO changes
SELECT name, city, age, row_number() OVER (PARTITION BY EXISTS (SELECT 1 FROM payments y WHERE y.payer = p.name) ORDER BY age, city) AS place
FROM people p;

--- expect changes
{"name":"cid","city":null,"age":22,"place":1}
{"name":"ann","city":"Oslo","age":31,"place":2}
{"name":"eve","city":"Oslo","age":39,"place":3}
{"name":"bob","city":"Bern","age":45,"place":4}
{"name":"bob","city":"Rome","age":45,"place":5}
{"name":"dee","city":"Rome","age":58,"place":1}
{"name":null,"city":"Bern","age":70,"place":2}
