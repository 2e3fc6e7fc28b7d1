--- use tables.sql
INSERT INTO out
SELECT o.id, n.name FROM orders o FULL JOIN people n ON o.at = n.at;

--- expect out
{"id":0,"name":null}
{"id":1,"name":"bob"}
{"id":10,"name":"eve"}
{"id":11,"name":null}
{"id":12,"name":null}
{"id":13,"name":null}
{"id":14,"name":null}
{"id":15,"name":null}
{"id":15,"name":null}
{"id":16,"name":null}
{"id":17,"name":null}
{"id":18,"name":null}
{"id":19,"name":null}
{"id":2,"name":null}
{"id":20,"name":null}
{"id":21,"name":null}
{"id":22,"name":null}
{"id":23,"name":null}
{"id":24,"name":null}
{"id":25,"name":null}
{"id":26,"name":null}
{"id":27,"name":null}
{"id":28,"name":null}
{"id":29,"name":null}
{"id":3,"name":null}
{"id":30,"name":null}
{"id":31,"name":null}
{"id":32,"name":null}
{"id":33,"name":null}
{"id":34,"name":null}
{"id":35,"name":null}
{"id":4,"name":null}
{"id":4,"name":null}
{"id":5,"name":null}
{"id":6,"name":null}
{"id":7,"name":null}
{"id":8,"name":null}
{"id":8,"name":null}
{"id":9,"name":"dee"}
{"id":null,"name":"ann"}
{"id":null,"name":"bob"}
{"id":null,"name":"cid"}
{"id":null,"name":null}
