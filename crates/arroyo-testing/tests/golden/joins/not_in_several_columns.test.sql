--- use tables.sql
INSERT INTO changes
SELECT id FROM orders WHERE (customer, amount) NOT IN (SELECT payer, amount FROM payments WHERE amount < 10);

--- expect changes
{"id":10}
{"id":12}
{"id":13}
{"id":16}
{"id":19}
{"id":1}
{"id":20}
{"id":22}
{"id":23}
{"id":24}
{"id":27}
{"id":28}
{"id":2}
{"id":30}
{"id":33}
{"id":34}
{"id":4}
{"id":4}
{"id":5}
{"id":6}
{"id":8}
{"id":8}
