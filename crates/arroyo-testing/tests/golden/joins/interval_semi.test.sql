--- use tables.sql
INSERT INTO out
SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM payments p WHERE o.customer = p.payer AND o.at BETWEEN p.at - INTERVAL '2 seconds' AND p.at + INTERVAL '1 second');

--- expect out
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
{"id":27}
{"id":29}
{"id":2}
{"id":31}
{"id":32}
{"id":3}
{"id":5}
{"id":7}
{"id":8}
{"id":8}
{"id":9}
