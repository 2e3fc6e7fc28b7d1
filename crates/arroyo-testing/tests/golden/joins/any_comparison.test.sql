--- use tables.sql
INSERT INTO changes
SELECT id FROM orders WHERE customer = ANY (SELECT name FROM people WHERE age > 30);

--- expect changes
{"id":0}
{"id":10}
{"id":15}
{"id":15}
{"id":17}
{"id":18}
{"id":20}
{"id":21}
{"id":22}
{"id":23}
{"id":24}
{"id":25}
{"id":26}
{"id":27}
{"id":28}
{"id":2}
{"id":31}
{"id":32}
{"id":33}
{"id":34}
{"id":3}
{"id":5}
{"id":6}
{"id":7}
{"id":8}
{"id":8}
{"id":9}
