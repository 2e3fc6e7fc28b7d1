--- use tables.sql
INSERT INTO changes
SELECT t.customer, t.last, i.label, i.weight
FROM (SELECT customer, max(item) AS last FROM orders GROUP BY customer) t JOIN items i ON t.last = i.item;

--- expect changes
{"customer":"bob","label":"Hat","last":"hat","weight":0.25}
{"customer":"zoe","label":"Cup of tea","last":"cup","weight":0.5}
{"customer":null,"label":"Hat","last":"hat","weight":0.25}
