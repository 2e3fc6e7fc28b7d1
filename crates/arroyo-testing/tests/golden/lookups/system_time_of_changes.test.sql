--- use tables.sql
INSERT INTO changes
SELECT t.customer, t.n, c.city
FROM (SELECT customer, count(*) AS n, max(at) AS at FROM orders GROUP BY customer) t
JOIN customers FOR SYSTEM_TIME AS OF t.at AS c ON t.customer = c.name AND c.city <> 'Rome';

--- expect changes
{"customer":"ann","n":19,"city":"Oslo"}
