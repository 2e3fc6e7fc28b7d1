--- use tables.sql
INSERT INTO changes
SELECT id FROM orders WHERE (customer, amount) IN (SELECT payer, amount FROM payments);

--- expect changes
{"id":12}
{"id":14}
{"id":16}
{"id":1}
{"id":20}
{"id":21}
{"id":22}
{"id":23}
{"id":24}
{"id":25}
{"id":26}
{"id":28}
{"id":29}
{"id":2}
{"id":32}
{"id":33}
{"id":34}
{"id":35}
{"id":3}
{"id":5}
{"id":7}
{"id":8}
{"id":8}
