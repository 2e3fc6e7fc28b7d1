--- use tables.sql
INSERT INTO out
SELECT c.city, o.id FROM customers c JOIN orders o ON o.customer = c.name;

--- expect out
{"city":"Oslo","id":20}
{"city":"Oslo","id":21}
{"city":"Oslo","id":22}
{"city":"Oslo","id":23}
{"city":"Oslo","id":24}
{"city":"Oslo","id":25}
{"city":"Oslo","id":26}
{"city":"Oslo","id":28}
{"city":"Oslo","id":2}
{"city":"Oslo","id":31}
{"city":"Oslo","id":32}
{"city":"Oslo","id":33}
{"city":"Oslo","id":34}
{"city":"Oslo","id":3}
{"city":"Oslo","id":5}
{"city":"Oslo","id":7}
{"city":"Oslo","id":8}
{"city":"Oslo","id":8}
{"city":"Oslo","id":9}
{"city":"Rome","id":0}
{"city":"Rome","id":10}
{"city":"Rome","id":15}
{"city":"Rome","id":15}
{"city":"Rome","id":17}
{"city":"Rome","id":18}
{"city":"Rome","id":27}
{"city":"Rome","id":6}
{"city":null,"id":12}
{"city":null,"id":14}
{"city":null,"id":16}
{"city":null,"id":1}
{"city":null,"id":29}
{"city":null,"id":35}
