--- use tables.sql
INSERT INTO changes
SELECT id, amount FROM orders o WHERE amount NOT IN (SELECT amount FROM payments p WHERE p.payer = o.customer);

--- expect changes
{"amount":10,"id":13}
{"amount":10,"id":19}
{"amount":10,"id":30}
{"amount":20,"id":4}
{"amount":20,"id":4}
{"amount":null,"id":11}
