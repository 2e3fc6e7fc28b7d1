--- use tables.sql
INSERT INTO changes
SELECT c.city, count(*) AS orders, sum(o.amount * i.weight) AS total
FROM orders o JOIN customers c ON o.customer = c.name LEFT JOIN items i ON o.item = i.item GROUP BY c.city;

--- expect changes
{"city":"Oslo","orders":19,"total":49.75}
{"city":"Rome","orders":8,"total":12.5}
{"city":null,"orders":6,"total":12.5}
