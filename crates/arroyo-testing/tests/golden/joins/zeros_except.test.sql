--- use tables.sql
INSERT INTO changes
SELECT count(*) AS n, sum(x) AS total FROM (SELECT CASE WHEN amount > 20 THEN -0e0 WHEN amount > 10 THEN 0e0 ELSE CAST(amount AS DOUBLE) END AS x FROM orders EXCEPT SELECT -amount * 0e0 AS x FROM payments) d;

--- expect changes
{"n":3,"total":23.0}
