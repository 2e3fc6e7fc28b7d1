--- use tables.sql
INSERT INTO changes
SELECT a.id, b.id AS other FROM (SELECT id, CASE WHEN amount > 20 THEN -0e0 WHEN amount > 10 THEN 0e0 ELSE CAST(amount AS DOUBLE) END AS x FROM orders) a JOIN (SELECT id, CASE WHEN amount > 20 THEN -0e0 WHEN amount > 10 THEN 0e0 ELSE CAST(amount AS DOUBLE) END AS x FROM orders) b ON a.x = -b.x WHERE a.id < 5;

--- expect changes
{"id":1,"other":12}
{"id":1,"other":1}
{"id":1,"other":28}
{"id":1,"other":33}
{"id":1,"other":34}
{"id":1,"other":4}
{"id":1,"other":4}
{"id":1,"other":5}
{"id":1,"other":6}
{"id":1,"other":8}
{"id":1,"other":8}
{"id":4,"other":12}
{"id":4,"other":12}
{"id":4,"other":1}
{"id":4,"other":1}
{"id":4,"other":28}
{"id":4,"other":28}
{"id":4,"other":33}
{"id":4,"other":33}
{"id":4,"other":34}
{"id":4,"other":34}
{"id":4,"other":4}
{"id":4,"other":4}
{"id":4,"other":4}
{"id":4,"other":4}
{"id":4,"other":5}
{"id":4,"other":5}
{"id":4,"other":6}
{"id":4,"other":6}
{"id":4,"other":8}
{"id":4,"other":8}
{"id":4,"other":8}
{"id":4,"other":8}
