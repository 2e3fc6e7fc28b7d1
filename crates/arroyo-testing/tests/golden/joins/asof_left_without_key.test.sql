--- use tables.sql
INSERT INTO out
SELECT o.id, p.name, p.city FROM orders o ASOF LEFT JOIN people p MATCH_CONDITION (o.at >= p.at);

--- expect out
{"id":11,"name":null,"city":"Bern"}
{"id":12,"name":null,"city":"Bern"}
{"id":13,"name":null,"city":"Bern"}
{"id":14,"name":"bob","city":"Bern"}
{"id":15,"name":"bob","city":"Bern"}
{"id":15,"name":"bob","city":"Bern"}
{"id":16,"name":null,"city":"Bern"}
{"id":17,"name":null,"city":"Bern"}
{"id":18,"name":"bob","city":"Bern"}
{"id":19,"name":"bob","city":"Bern"}
{"id":20,"name":"bob","city":"Bern"}
{"id":21,"name":"bob","city":"Bern"}
{"id":22,"name":"bob","city":"Bern"}
{"id":23,"name":"bob","city":"Bern"}
{"id":24,"name":"bob","city":"Bern"}
{"id":25,"name":"bob","city":"Bern"}
{"id":26,"name":"bob","city":"Bern"}
{"id":27,"name":"bob","city":"Bern"}
{"id":28,"name":"bob","city":"Bern"}
{"id":29,"name":"bob","city":"Bern"}
{"id":30,"name":"bob","city":"Bern"}
{"id":31,"name":"bob","city":"Bern"}
{"id":32,"name":"bob","city":"Bern"}
{"id":33,"name":"bob","city":"Bern"}
{"id":34,"name":"bob","city":"Bern"}
{"id":35,"name":"bob","city":"Bern"}
{"id":10,"name":"eve","city":"Oslo"}
{"id":0,"name":"bob","city":"Rome"}
{"id":1,"name":"bob","city":"Rome"}
{"id":4,"name":"dee","city":"Rome"}
{"id":4,"name":"dee","city":"Rome"}
{"id":5,"name":"dee","city":"Rome"}
{"id":6,"name":"dee","city":"Rome"}
{"id":7,"name":"bob","city":"Rome"}
{"id":8,"name":"dee","city":"Rome"}
{"id":8,"name":"dee","city":"Rome"}
{"id":9,"name":"dee","city":"Rome"}
{"id":2,"name":"cid","city":null}
{"id":3,"name":"cid","city":null}
