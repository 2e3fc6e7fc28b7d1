--- use tables.sql
INSERT INTO out
SELECT w.n, c.city
FROM (SELECT tumble(INTERVAL '10 seconds') AS bounds, customer, count(*) AS n FROM orders GROUP BY bounds, customer) w
JOIN customers c ON w.customer = c.name;

--- expect out
{"n":3,"city":"Oslo"}
{"n":4,"city":"Oslo"}
{"n":5,"city":"Oslo"}
{"n":7,"city":"Oslo"}
{"n":1,"city":"Rome"}
{"n":3,"city":"Rome"}
{"n":4,"city":"Rome"}
{"n":1,"city":null}
{"n":1,"city":null}
{"n":2,"city":null}
{"n":2,"city":null}
