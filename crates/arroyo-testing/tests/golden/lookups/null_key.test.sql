--- use tables.sql
INSERT INTO out
SELECT o.id, o.amount, a.word FROM orders o LEFT JOIN amounts a ON o.amount = a.amount WHERE o.id IN (9, 10, 11, 31, 32);

--- expect out
{"id":10,"amount":10,"word":"ten"}
{"id":32,"amount":8,"word":"eight"}
{"id":11,"amount":null,"word":null}
{"id":31,"amount":null,"word":null}
{"id":9,"amount":null,"word":null}
