--- use tables.sql
INSERT INTO changes
SELECT count(*) AS n FROM (SELECT customer, count(*) AS n FROM orders GROUP BY customer OFFSET 1);

--- expect changes
{"n":3}
