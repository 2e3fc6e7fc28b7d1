--- use tables.sql
INSERT INTO changes
SELECT o.id, p.name, p.age FROM orders o FULL JOIN people p ON o.customer = p.name AND o.amount * 3 > p.age;

--- expect changes
{"age":22,"id":1,"name":"cid"}
{"age":22,"id":12,"name":"cid"}
{"age":22,"id":14,"name":"cid"}
{"age":22,"id":16,"name":"cid"}
{"age":22,"id":29,"name":"cid"}
{"age":31,"id":28,"name":"ann"}
{"age":31,"id":33,"name":"ann"}
{"age":31,"id":34,"name":"ann"}
{"age":31,"id":5,"name":"ann"}
{"age":31,"id":8,"name":"ann"}
{"age":31,"id":8,"name":"ann"}
{"age":39,"id":null,"name":"eve"}
{"age":45,"id":6,"name":"bob"}
{"age":45,"id":6,"name":"bob"}
{"age":58,"id":null,"name":"dee"}
{"age":70,"id":null,"name":null}
{"age":null,"id":0,"name":null}
{"age":null,"id":10,"name":null}
{"age":null,"id":11,"name":null}
{"age":null,"id":13,"name":null}
{"age":null,"id":15,"name":null}
{"age":null,"id":15,"name":null}
{"age":null,"id":17,"name":null}
{"age":null,"id":18,"name":null}
{"age":null,"id":19,"name":null}
{"age":null,"id":2,"name":null}
{"age":null,"id":20,"name":null}
{"age":null,"id":21,"name":null}
{"age":null,"id":22,"name":null}
{"age":null,"id":23,"name":null}
{"age":null,"id":24,"name":null}
{"age":null,"id":25,"name":null}
{"age":null,"id":26,"name":null}
{"age":null,"id":27,"name":null}
{"age":null,"id":3,"name":null}
{"age":null,"id":30,"name":null}
{"age":null,"id":31,"name":null}
{"age":null,"id":32,"name":null}
{"age":null,"id":35,"name":null}
{"age":null,"id":4,"name":null}
{"age":null,"id":4,"name":null}
{"age":null,"id":7,"name":null}
{"age":null,"id":9,"name":null}
