--- use tables.sql
CREATE VIEW cities AS SELECT name AS who, city AS town FROM customers;
INSERT INTO out
SELECT o.id, v.town FROM orders o LEFT JOIN cities v ON v.who = o.customer;

--- expect out
{"id":0,"town":"Rome"}
{"id":1,"town":null}
{"id":10,"town":"Rome"}
{"id":11,"town":null}
{"id":12,"town":null}
{"id":13,"town":null}
{"id":14,"town":null}
{"id":15,"town":"Rome"}
{"id":15,"town":"Rome"}
{"id":16,"town":null}
{"id":17,"town":"Rome"}
{"id":18,"town":"Rome"}
{"id":19,"town":null}
{"id":2,"town":"Oslo"}
{"id":20,"town":"Oslo"}
{"id":21,"town":"Oslo"}
{"id":22,"town":"Oslo"}
{"id":23,"town":"Oslo"}
{"id":24,"town":"Oslo"}
{"id":25,"town":"Oslo"}
{"id":26,"town":"Oslo"}
{"id":27,"town":"Rome"}
{"id":28,"town":"Oslo"}
{"id":29,"town":null}
{"id":3,"town":"Oslo"}
{"id":30,"town":null}
{"id":31,"town":"Oslo"}
{"id":32,"town":"Oslo"}
{"id":33,"town":"Oslo"}
{"id":34,"town":"Oslo"}
{"id":35,"town":null}
{"id":4,"town":null}
{"id":4,"town":null}
{"id":5,"town":"Oslo"}
{"id":6,"town":"Rome"}
{"id":7,"town":"Oslo"}
{"id":8,"town":"Oslo"}
{"id":8,"town":"Oslo"}
{"id":9,"town":"Oslo"}
