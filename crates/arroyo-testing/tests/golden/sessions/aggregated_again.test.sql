--- use tables.sql
INSERT INTO changes
SELECT customer, count(*) AS sessions, max(n) AS longest FROM (SELECT customer, count(*) AS n FROM orders GROUP BY session(INTERVAL '2 seconds'), customer) AS s GROUP BY customer;

--- expect changes
{"customer":"ann","sessions":2,"longest":2}
{"customer":"bob","sessions":5,"longest":4}
{"customer":"cyd","sessions":4,"longest":1}
{"customer":null,"sessions":5,"longest":1}
