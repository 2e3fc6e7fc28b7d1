--- use tables.sql
INSERT INTO out
SELECT o.id, c.city, i.label FROM orders o, customers c, items i
WHERE o.customer = c.name AND i.item = o.item AND c.level < 3 AND o.amount > 5 AND (i.weight < 1 OR c.level = 1);

--- expect out
{"id":22,"city":"Oslo","label":"Hat"}
{"id":23,"city":"Oslo","label":"Hat"}
{"id":24,"city":"Oslo","label":"Hat"}
{"id":26,"city":"Oslo","label":"Hat"}
{"id":32,"city":"Oslo","label":"Cup of tea"}
{"id":34,"city":"Oslo","label":"Hat"}
{"id":5,"city":"Oslo","label":"Cup of tea"}
{"id":8,"city":"Oslo","label":"Cup of tea"}
{"id":8,"city":"Oslo","label":"Cup of tea"}
{"id":27,"city":"Rome","label":"Hat"}
{"id":6,"city":"Rome","label":"Hat"}
