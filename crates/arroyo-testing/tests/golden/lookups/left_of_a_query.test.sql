--- use tables.sql
INSERT INTO out
SELECT o.id, c.city FROM orders o LEFT JOIN (SELECT name, city FROM customers WHERE level > 1) c ON c.name = o.customer;

--- expect out
{"id":0,"city":"Rome"}
{"id":10,"city":"Rome"}
{"id":15,"city":"Rome"}
{"id":15,"city":"Rome"}
{"id":17,"city":"Rome"}
{"id":18,"city":"Rome"}
{"id":27,"city":"Rome"}
{"id":6,"city":"Rome"}
{"id":11,"city":null}
{"id":12,"city":null}
{"id":13,"city":null}
{"id":14,"city":null}
{"id":16,"city":null}
{"id":19,"city":null}
{"id":1,"city":null}
{"id":20,"city":null}
{"id":21,"city":null}
{"id":22,"city":null}
{"id":23,"city":null}
{"id":24,"city":null}
{"id":25,"city":null}
{"id":26,"city":null}
{"id":28,"city":null}
{"id":29,"city":null}
{"id":2,"city":null}
{"id":30,"city":null}
{"id":31,"city":null}
{"id":32,"city":null}
{"id":33,"city":null}
{"id":34,"city":null}
{"id":35,"city":null}
{"id":3,"city":null}
{"id":4,"city":null}
{"id":4,"city":null}
{"id":5,"city":null}
{"id":7,"city":null}
{"id":8,"city":null}
{"id":8,"city":null}
{"id":9,"city":null}
