--- use tables.sql
INSERT INTO out
SELECT o.id FROM orders o JOIN customers c ON o.customer = c.name;

--- expect out
{"id":0}
{"id":10}
{"id":12}
{"id":14}
{"id":15}
{"id":15}
{"id":16}
{"id":17}
{"id":18}
{"id":1}
{"id":20}
{"id":21}
{"id":22}
{"id":23}
{"id":24}
{"id":25}
{"id":26}
{"id":27}
{"id":28}
{"id":29}
{"id":2}
{"id":31}
{"id":32}
{"id":33}
{"id":34}
{"id":35}
{"id":3}
{"id":5}
{"id":6}
{"id":7}
{"id":8}
{"id":8}
{"id":9}
