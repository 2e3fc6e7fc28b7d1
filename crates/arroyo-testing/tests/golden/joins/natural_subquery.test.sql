--- use tables.sql
INSERT INTO out
SELECT id, city FROM orders NATURAL JOIN (SELECT name AS customer, city FROM people);

--- expect out
{"id":0,"city":"Bern"}
{"id":10,"city":"Bern"}
{"id":15,"city":"Bern"}
{"id":15,"city":"Bern"}
{"id":17,"city":"Bern"}
{"id":18,"city":"Bern"}
{"id":27,"city":"Bern"}
{"id":6,"city":"Bern"}
{"id":20,"city":"Oslo"}
{"id":21,"city":"Oslo"}
{"id":22,"city":"Oslo"}
{"id":23,"city":"Oslo"}
{"id":24,"city":"Oslo"}
{"id":25,"city":"Oslo"}
{"id":26,"city":"Oslo"}
{"id":28,"city":"Oslo"}
{"id":2,"city":"Oslo"}
{"id":31,"city":"Oslo"}
{"id":32,"city":"Oslo"}
{"id":33,"city":"Oslo"}
{"id":34,"city":"Oslo"}
{"id":3,"city":"Oslo"}
{"id":5,"city":"Oslo"}
{"id":7,"city":"Oslo"}
{"id":8,"city":"Oslo"}
{"id":8,"city":"Oslo"}
{"id":9,"city":"Oslo"}
{"id":0,"city":"Rome"}
{"id":10,"city":"Rome"}
{"id":15,"city":"Rome"}
{"id":15,"city":"Rome"}
{"id":17,"city":"Rome"}
{"id":18,"city":"Rome"}
{"id":27,"city":"Rome"}
{"id":6,"city":"Rome"}
{"id":12,"city":null}
{"id":14,"city":null}
{"id":16,"city":null}
{"id":1,"city":null}
{"id":29,"city":null}
{"id":35,"city":null}
