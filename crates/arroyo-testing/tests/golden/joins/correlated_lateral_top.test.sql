--- use tables.sql
INSERT INTO changes
SELECT p.name, p.age, top.id, top.amount
FROM people p
LEFT JOIN LATERAL (SELECT o.id, o.amount FROM orders o WHERE o.amount < p.age - 20 ORDER BY o.amount DESC, o.id LIMIT 2) AS top ON true;

--- expect changes
{"name":"cid","age":22,"id":null,"amount":null}
{"name":"ann","age":31,"id":10,"amount":10}
{"name":"ann","age":31,"id":2,"amount":10}
{"name":"eve","age":39,"id":10,"amount":10}
{"name":"eve","age":39,"id":2,"amount":10}
{"name":"bob","age":45,"id":1,"amount":20}
{"name":"bob","age":45,"id":1,"amount":20}
{"name":"bob","age":45,"id":4,"amount":20}
{"name":"bob","age":45,"id":4,"amount":20}
{"name":"dee","age":58,"id":1,"amount":20}
{"name":"dee","age":58,"id":4,"amount":20}
{"name":null,"age":70,"id":1,"amount":20}
{"name":null,"age":70,"id":4,"amount":20}
