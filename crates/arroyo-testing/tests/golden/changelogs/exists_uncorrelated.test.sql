--- use tables.sql
INSERT INTO changes
SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM orders WHERE amount = 35);

--- expect changes
{"id":0}
{"id":10}
{"id":11}
{"id":12}
{"id":13}
{"id":14}
{"id":16}
{"id":17}
{"id":20}
{"id":21}
{"id":22}
{"id":23}
{"id":24}
{"id":25}
{"id":2}
{"id":3}
{"id":4}
{"id":5}
{"id":6}
{"id":7}
{"id":8}
