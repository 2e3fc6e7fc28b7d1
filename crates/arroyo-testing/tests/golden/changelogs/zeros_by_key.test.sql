--- use tables.sql
INSERT INTO changes
SELECT x = 0 AS is_zero, count(*) AS n, count(DISTINCT id) AS ids, max(id) AS last FROM (SELECT id, CASE WHEN amount > 20 THEN -0e0 WHEN amount > 10 THEN 0e0 ELSE CAST(amount AS DOUBLE) END AS x FROM orders) GROUP BY x;

--- expect changes
{"is_zero":false,"n":2,"ids":2,"last":22}
{"is_zero":null,"n":5,"ids":5,"last":25}
{"is_zero":false,"n":6,"ids":6,"last":24}
{"is_zero":true,"n":8,"ids":8,"last":23}
