--- use tables.sql
INSERT INTO changes
SELECT t.customer, t.n, t.total, c.city
FROM (SELECT customer, count(*) AS n, sum(amount) AS total FROM orders GROUP BY customer) t LEFT JOIN customers c ON t.customer = c.name;

--- expect changes
{"customer":"ann","n":19,"total":209,"city":"Oslo"}
{"customer":"bob","n":8,"total":65,"city":"Rome"}
{"customer":"cid","n":6,"total":71,"city":null}
{"customer":"zoe","n":4,"total":60,"city":null}
{"customer":null,"n":2,"total":10,"city":null}
