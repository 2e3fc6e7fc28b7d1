--- use tables.sql
INSERT INTO changes
SELECT customer, n FROM (SELECT customer, count(*) AS n FROM orders GROUP BY customer) t WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.name = t.customer);

--- expect changes
{"customer":"zoe","n":4}
{"customer":null,"n":2}
