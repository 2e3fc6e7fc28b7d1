--- use tables.sql
INSERT INTO changes
SELECT t.customer, t.last, i.label, i.weight
FROM (SELECT customer, max(item) AS last FROM orders GROUP BY customer) t JOIN items i ON t.last = i.item;

--- expect changes
{"customer":"bob","last":"hat","label":"Hat","weight":0.25}
{"customer":"zoe","last":"cup","label":"Cup of tea","weight":0.5}
{"customer":null,"last":"hat","label":"Hat","weight":0.25}
