--- use tables.sql
INSERT INTO changes
SELECT customer, count(*) AS n, sum(amount) AS total, max(amount) AS top, min(id) AS first FROM orders GROUP BY customer;

--- expect changes
{"customer":"ann","n":3,"total":10,"top":5,"first":7}
{"customer":"bob","n":9,"total":100,"top":35,"first":2}
{"customer":"cyd","n":4,"total":75,"top":35,"first":0}
{"customer":null,"n":5,"total":85,"top":35,"first":3}
