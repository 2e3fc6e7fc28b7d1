--- use tables.sql
INSERT INTO out
SELECT o.id, d.paid, e.other
FROM orders o, LATERAL (SELECT p.amount AS paid FROM payments p WHERE p.order_id = o.id) d,
LATERAL (SELECT q.id AS other FROM payments q WHERE q.amount = d.paid AND q.id <> o.id) e
WHERE o.id < 3;

--- expect out
{"id":0,"paid":20,"other":102}
{"id":0,"paid":20,"other":109}
{"id":0,"paid":20,"other":114}
{"id":0,"paid":20,"other":117}
{"id":0,"paid":20,"other":133}
