--- use tables.sql
INSERT INTO out SELECT id, d.twice, e.sum
FROM orders o CROSS JOIN LATERAL (SELECT o.amount * 2 AS twice) AS d CROSS JOIN LATERAL (SELECT d.twice + o.id AS sum WHERE o.id > 1) AS e
WHERE id < 5;

--- expect out
{"id":2,"twice":20,"sum":22}
{"id":3,"twice":10,"sum":13}
{"id":4,"twice":40,"sum":44}
{"id":4,"twice":40,"sum":44}
