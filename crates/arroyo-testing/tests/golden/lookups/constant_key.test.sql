--- use tables.sql
INSERT INTO out
SELECT o.id, p.price FROM orders o JOIN prices p ON o.amount = p.amount AND p.item = 'cup';

--- expect out
{"id":0,"price":1.5}
{"id":1,"price":1.25}
{"id":12,"price":1.25}
{"id":15,"price":1.5}
{"id":15,"price":1.5}
{"id":17,"price":1.5}
{"id":18,"price":1.5}
{"id":21,"price":1.5}
{"id":28,"price":1.25}
{"id":3,"price":1.5}
{"id":33,"price":1.25}
{"id":34,"price":1.25}
{"id":35,"price":1.5}
{"id":4,"price":1.25}
{"id":4,"price":1.25}
{"id":5,"price":1.25}
{"id":6,"price":1.25}
{"id":7,"price":1.5}
{"id":8,"price":1.25}
{"id":8,"price":1.25}
