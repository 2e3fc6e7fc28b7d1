--- use tables.sql
INSERT INTO out
SELECT c.city, o.id, c.level FROM customers c RIGHT JOIN orders o ON o.customer = c.name;

--- expect out
{"city":"Oslo","id":2,"level":1}
{"city":"Oslo","id":20,"level":1}
{"city":"Oslo","id":21,"level":1}
{"city":"Oslo","id":22,"level":1}
{"city":"Oslo","id":23,"level":1}
{"city":"Oslo","id":24,"level":1}
{"city":"Oslo","id":25,"level":1}
{"city":"Oslo","id":26,"level":1}
{"city":"Oslo","id":28,"level":1}
{"city":"Oslo","id":3,"level":1}
{"city":"Oslo","id":31,"level":1}
{"city":"Oslo","id":32,"level":1}
{"city":"Oslo","id":33,"level":1}
{"city":"Oslo","id":34,"level":1}
{"city":"Oslo","id":5,"level":1}
{"city":"Oslo","id":7,"level":1}
{"city":"Oslo","id":8,"level":1}
{"city":"Oslo","id":8,"level":1}
{"city":"Oslo","id":9,"level":1}
{"city":"Rome","id":0,"level":2}
{"city":"Rome","id":10,"level":2}
{"city":"Rome","id":15,"level":2}
{"city":"Rome","id":15,"level":2}
{"city":"Rome","id":17,"level":2}
{"city":"Rome","id":18,"level":2}
{"city":"Rome","id":27,"level":2}
{"city":"Rome","id":6,"level":2}
{"city":null,"id":1,"level":3}
{"city":null,"id":11,"level":null}
{"city":null,"id":12,"level":3}
{"city":null,"id":13,"level":null}
{"city":null,"id":14,"level":3}
{"city":null,"id":16,"level":3}
{"city":null,"id":19,"level":null}
{"city":null,"id":29,"level":3}
{"city":null,"id":30,"level":null}
{"city":null,"id":35,"level":3}
{"city":null,"id":4,"level":null}
{"city":null,"id":4,"level":null}
