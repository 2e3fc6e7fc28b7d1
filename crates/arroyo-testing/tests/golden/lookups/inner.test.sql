--- use tables.sql
INSERT INTO out
SELECT o.id, o.customer, c.city, c.level FROM orders o JOIN customers c ON o.customer = c.name;

--- expect out
{"id":2,"customer":"ann","city":"Oslo","level":1}
{"id":20,"customer":"ann","city":"Oslo","level":1}
{"id":21,"customer":"ann","city":"Oslo","level":1}
{"id":22,"customer":"ann","city":"Oslo","level":1}
{"id":23,"customer":"ann","city":"Oslo","level":1}
{"id":24,"customer":"ann","city":"Oslo","level":1}
{"id":25,"customer":"ann","city":"Oslo","level":1}
{"id":26,"customer":"ann","city":"Oslo","level":1}
{"id":28,"customer":"ann","city":"Oslo","level":1}
{"id":3,"customer":"ann","city":"Oslo","level":1}
{"id":31,"customer":"ann","city":"Oslo","level":1}
{"id":32,"customer":"ann","city":"Oslo","level":1}
{"id":33,"customer":"ann","city":"Oslo","level":1}
{"id":34,"customer":"ann","city":"Oslo","level":1}
{"id":5,"customer":"ann","city":"Oslo","level":1}
{"id":7,"customer":"ann","city":"Oslo","level":1}
{"id":8,"customer":"ann","city":"Oslo","level":1}
{"id":8,"customer":"ann","city":"Oslo","level":1}
{"id":9,"customer":"ann","city":"Oslo","level":1}
{"id":0,"customer":"bob","city":"Rome","level":2}
{"id":10,"customer":"bob","city":"Rome","level":2}
{"id":15,"customer":"bob","city":"Rome","level":2}
{"id":15,"customer":"bob","city":"Rome","level":2}
{"id":17,"customer":"bob","city":"Rome","level":2}
{"id":18,"customer":"bob","city":"Rome","level":2}
{"id":27,"customer":"bob","city":"Rome","level":2}
{"id":6,"customer":"bob","city":"Rome","level":2}
{"id":1,"customer":"cid","city":null,"level":3}
{"id":12,"customer":"cid","city":null,"level":3}
{"id":14,"customer":"cid","city":null,"level":3}
{"id":16,"customer":"cid","city":null,"level":3}
{"id":29,"customer":"cid","city":null,"level":3}
{"id":35,"customer":"cid","city":null,"level":3}
