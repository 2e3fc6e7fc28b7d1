--- use tables.sql
INSERT INTO out
SELECT o.id, o.customer, c.name, c.city, c.level FROM orders o LEFT JOIN customers c ON o.customer = c.name;

--- expect out
{"id":2,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":20,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":21,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":22,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":23,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":24,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":25,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":26,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":28,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":3,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":31,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":32,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":33,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":34,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":5,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":7,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":8,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":8,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":9,"customer":"ann","name":"ann","city":"Oslo","level":1}
{"id":0,"customer":"bob","name":"bob","city":"Rome","level":2}
{"id":10,"customer":"bob","name":"bob","city":"Rome","level":2}
{"id":15,"customer":"bob","name":"bob","city":"Rome","level":2}
{"id":15,"customer":"bob","name":"bob","city":"Rome","level":2}
{"id":17,"customer":"bob","name":"bob","city":"Rome","level":2}
{"id":18,"customer":"bob","name":"bob","city":"Rome","level":2}
{"id":27,"customer":"bob","name":"bob","city":"Rome","level":2}
{"id":6,"customer":"bob","name":"bob","city":"Rome","level":2}
{"id":1,"customer":"cid","name":"cid","city":null,"level":3}
{"id":12,"customer":"cid","name":"cid","city":null,"level":3}
{"id":14,"customer":"cid","name":"cid","city":null,"level":3}
{"id":16,"customer":"cid","name":"cid","city":null,"level":3}
{"id":29,"customer":"cid","name":"cid","city":null,"level":3}
{"id":35,"customer":"cid","name":"cid","city":null,"level":3}
{"id":13,"customer":"zoe","name":null,"city":null,"level":null}
{"id":19,"customer":"zoe","name":null,"city":null,"level":null}
{"id":4,"customer":"zoe","name":null,"city":null,"level":null}
{"id":4,"customer":"zoe","name":null,"city":null,"level":null}
{"id":11,"customer":null,"name":null,"city":null,"level":null}
{"id":30,"customer":null,"name":null,"city":null,"level":null}
