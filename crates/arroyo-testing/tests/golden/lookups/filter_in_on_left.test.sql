--- use tables.sql
INSERT INTO out
SELECT o.id, o.customer, c.city, c.level
FROM orders o LEFT JOIN customers c ON o.customer = c.name AND c.level < 3 AND o.amount > c.level * 4 AND o.id > 5;

--- expect out
{"id":20,"customer":"ann","city":"Oslo","level":1}
{"id":21,"customer":"ann","city":"Oslo","level":1}
{"id":22,"customer":"ann","city":"Oslo","level":1}
{"id":23,"customer":"ann","city":"Oslo","level":1}
{"id":24,"customer":"ann","city":"Oslo","level":1}
{"id":25,"customer":"ann","city":"Oslo","level":1}
{"id":26,"customer":"ann","city":"Oslo","level":1}
{"id":28,"customer":"ann","city":"Oslo","level":1}
{"id":32,"customer":"ann","city":"Oslo","level":1}
{"id":33,"customer":"ann","city":"Oslo","level":1}
{"id":34,"customer":"ann","city":"Oslo","level":1}
{"id":7,"customer":"ann","city":"Oslo","level":1}
{"id":8,"customer":"ann","city":"Oslo","level":1}
{"id":8,"customer":"ann","city":"Oslo","level":1}
{"id":10,"customer":"bob","city":"Rome","level":2}
{"id":27,"customer":"bob","city":"Rome","level":2}
{"id":6,"customer":"bob","city":"Rome","level":2}
{"id":2,"customer":"ann","city":null,"level":null}
{"id":3,"customer":"ann","city":null,"level":null}
{"id":31,"customer":"ann","city":null,"level":null}
{"id":5,"customer":"ann","city":null,"level":null}
{"id":9,"customer":"ann","city":null,"level":null}
{"id":0,"customer":"bob","city":null,"level":null}
{"id":15,"customer":"bob","city":null,"level":null}
{"id":15,"customer":"bob","city":null,"level":null}
{"id":17,"customer":"bob","city":null,"level":null}
{"id":18,"customer":"bob","city":null,"level":null}
{"id":1,"customer":"cid","city":null,"level":null}
{"id":12,"customer":"cid","city":null,"level":null}
{"id":14,"customer":"cid","city":null,"level":null}
{"id":16,"customer":"cid","city":null,"level":null}
{"id":29,"customer":"cid","city":null,"level":null}
{"id":35,"customer":"cid","city":null,"level":null}
{"id":13,"customer":"zoe","city":null,"level":null}
{"id":19,"customer":"zoe","city":null,"level":null}
{"id":4,"customer":"zoe","city":null,"level":null}
{"id":4,"customer":"zoe","city":null,"level":null}
{"id":11,"customer":null,"city":null,"level":null}
{"id":30,"customer":null,"city":null,"level":null}
