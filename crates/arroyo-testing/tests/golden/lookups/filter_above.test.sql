--- use tables.sql
INSERT INTO out
SELECT o.id, p.price FROM orders o JOIN prices p ON o.item = p.item AND o.amount = p.amount
WHERE p.valid AND o.customer <> 'bob' AND (p.price < 5 OR o.id > 23);

--- expect out
{"id":16,"price":0.35}
{"id":24,"price":9.0}
{"id":34,"price":8.0}
{"id":35,"price":1.5}
