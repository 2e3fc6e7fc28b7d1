--- use tables.sql
INSERT INTO out
SELECT id FROM orders WHERE id IN (SELECT order_id FROM payments WHERE payer IN (SELECT name FROM people WHERE city = 'Oslo'));

--- expect out
{"id":0}
{"id":10}
{"id":11}
{"id":12}
{"id":13}
{"id":1}
{"id":20}
{"id":22}
{"id":23}
{"id":31}
{"id":33}
{"id":34}
{"id":7}
{"id":8}
{"id":8}
{"id":9}
