--- use tables.sql
INSERT INTO out
SELECT id FROM orders WHERE customer IN (SELECT name FROM people) AND id IN (SELECT order_id FROM payments WHERE amount > 5);

--- expect out
{"id":0}
{"id":12}
{"id":16}
{"id":20}
{"id":21}
{"id":22}
{"id":23}
{"id":28}
{"id":29}
{"id":32}
{"id":33}
{"id":34}
{"id":7}
{"id":8}
{"id":8}
