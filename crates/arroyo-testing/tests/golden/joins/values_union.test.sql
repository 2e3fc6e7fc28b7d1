--- use tables.sql
INSERT INTO changes
SELECT customer, count(*) AS orders
FROM (SELECT customer FROM orders UNION ALL VALUES ('ann'), ('zed')) AS all_of_them
GROUP BY customer;

--- expect changes
{"customer":"ann","orders":20}
{"customer":"bob","orders":8}
{"customer":"cid","orders":6}
{"customer":"zed","orders":1}
{"customer":"zoe","orders":4}
{"customer":null,"orders":2}
