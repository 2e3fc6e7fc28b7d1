--- use tables.sql
INSERT INTO out SELECT id, amount, d.twice, d.name
FROM orders o LEFT JOIN LATERAL (SELECT o.amount * 2 AS twice, o.customer AS name WHERE o.id > 2) AS d ON d.twice > 20
WHERE id < 9;

--- expect out
{"id":2,"amount":10,"twice":null,"name":null}
{"id":1,"amount":20,"twice":null,"name":null}
{"id":4,"amount":20,"twice":40,"name":"zoe"}
{"id":4,"amount":20,"twice":40,"name":"zoe"}
{"id":5,"amount":20,"twice":40,"name":"ann"}
{"id":6,"amount":20,"twice":40,"name":"bob"}
{"id":8,"amount":20,"twice":40,"name":"ann"}
{"id":8,"amount":20,"twice":40,"name":"ann"}
{"id":0,"amount":5,"twice":null,"name":null}
{"id":3,"amount":5,"twice":null,"name":null}
{"id":7,"amount":5,"twice":null,"name":null}
