--- use tables.sql
INSERT INTO out
SELECT o.id, c.city, c.level FROM orders o JOIN customers c ON o.customer = c.name AND c.level < 3 AND o.amount > c.level * 4 AND o.id > 5;

--- expect out
{"id":20,"city":"Oslo","level":1}
{"id":21,"city":"Oslo","level":1}
{"id":22,"city":"Oslo","level":1}
{"id":23,"city":"Oslo","level":1}
{"id":24,"city":"Oslo","level":1}
{"id":25,"city":"Oslo","level":1}
{"id":26,"city":"Oslo","level":1}
{"id":28,"city":"Oslo","level":1}
{"id":32,"city":"Oslo","level":1}
{"id":33,"city":"Oslo","level":1}
{"id":34,"city":"Oslo","level":1}
{"id":7,"city":"Oslo","level":1}
{"id":8,"city":"Oslo","level":1}
{"id":8,"city":"Oslo","level":1}
{"id":10,"city":"Rome","level":2}
{"id":27,"city":"Rome","level":2}
{"id":6,"city":"Rome","level":2}
