--- use tables.sql
INSERT INTO out
SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE o.customer = p.payer AND o.at BETWEEN p.at - INTERVAL '2 seconds' AND p.at + INTERVAL '1 second');

--- expect out
{"id":0}
{"id":10}
{"id":11}
{"id":13}
{"id":15}
{"id":15}
{"id":17}
{"id":18}
{"id":19}
{"id":28}
{"id":30}
{"id":33}
{"id":34}
{"id":35}
{"id":4}
{"id":4}
{"id":6}
