--- use tables.sql
INSERT INTO changes
SELECT customer, n FROM (SELECT customer, count(*) AS n FROM orders GROUP BY customer) t WHERE customer IN (SELECT name FROM customers WHERE city IS NOT NULL);

--- expect changes
{"customer":"ann","n":19}
{"customer":"bob","n":8}
