--- use tables.sql
INSERT INTO changes
SELECT count(DISTINCT x) AS n, sum(DISTINCT x) AS total, count(*) FILTER (WHERE x IS NOT DISTINCT FROM 0e0) AS zeros FROM (SELECT CASE WHEN amount > 20 THEN -0e0 WHEN amount > 10 THEN 0e0 ELSE CAST(amount AS DOUBLE) END AS x FROM orders);

--- expect changes
{"n":3,"total":15.0,"zeros":8}
