--- use tables.sql
INSERT INTO out SELECT id, what, value
FROM orders o CROSS JOIN LATERAL (VALUES ('amount', o.amount), ('twice', o.amount * 2), ('id', o.id)) AS d(what, value)
WHERE id < 4;

--- expect out
{"id":0,"what":"id","value":0}
{"id":0,"what":"twice","value":10}
{"id":0,"what":"amount","value":5}
{"id":1,"what":"id","value":1}
{"id":1,"what":"amount","value":20}
{"id":1,"what":"twice","value":40}
{"id":2,"what":"amount","value":10}
{"id":2,"what":"id","value":2}
{"id":2,"what":"twice","value":20}
{"id":3,"what":"twice","value":10}
{"id":3,"what":"id","value":3}
{"id":3,"what":"amount","value":5}
