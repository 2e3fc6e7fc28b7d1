--- use tables.sql
INSERT INTO out
SELECT city, orders, level FROM (
    SELECT tumble(INTERVAL '10 seconds') AS w, c.city, count(*) AS orders, max(c.level) AS level
    FROM orders o LEFT JOIN customers c ON o.customer = c.name GROUP BY w, c.city
);

--- expect out
{"city":"Oslo","orders":3,"level":1}
{"city":"Oslo","orders":4,"level":1}
{"city":"Oslo","orders":5,"level":1}
{"city":"Oslo","orders":7,"level":1}
{"city":"Rome","orders":1,"level":2}
{"city":"Rome","orders":3,"level":2}
{"city":"Rome","orders":4,"level":2}
{"city":null,"orders":1,"level":3}
{"city":null,"orders":2,"level":3}
{"city":null,"orders":4,"level":3}
{"city":null,"orders":5,"level":3}
