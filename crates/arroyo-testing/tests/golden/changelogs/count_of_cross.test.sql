--- use tables.sql
INSERT INTO changes
SELECT count(*) AS n FROM orders x CROSS JOIN (SELECT DISTINCT customer FROM orders) y;

--- expect changes
{"n":84}
