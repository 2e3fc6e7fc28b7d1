--- use tables.sql
INSERT INTO changes
SELECT o.id, p.name FROM (SELECT * FROM orders WHERE id < 12) o FULL JOIN people p ON o.amount * 3 > p.age;

--- expect changes
{"id":0,"name":null}
{"id":1,"name":"ann"}
{"id":1,"name":"bob"}
{"id":1,"name":"bob"}
{"id":1,"name":"cid"}
{"id":1,"name":"dee"}
{"id":1,"name":"eve"}
{"id":10,"name":"cid"}
{"id":11,"name":null}
{"id":2,"name":"cid"}
{"id":3,"name":null}
{"id":4,"name":"ann"}
{"id":4,"name":"ann"}
{"id":4,"name":"bob"}
{"id":4,"name":"bob"}
{"id":4,"name":"bob"}
{"id":4,"name":"bob"}
{"id":4,"name":"cid"}
{"id":4,"name":"cid"}
{"id":4,"name":"dee"}
{"id":4,"name":"dee"}
{"id":4,"name":"eve"}
{"id":4,"name":"eve"}
{"id":5,"name":"ann"}
{"id":5,"name":"bob"}
{"id":5,"name":"bob"}
{"id":5,"name":"cid"}
{"id":5,"name":"dee"}
{"id":5,"name":"eve"}
{"id":6,"name":"ann"}
{"id":6,"name":"bob"}
{"id":6,"name":"bob"}
{"id":6,"name":"cid"}
{"id":6,"name":"dee"}
{"id":6,"name":"eve"}
{"id":7,"name":null}
{"id":8,"name":"ann"}
{"id":8,"name":"ann"}
{"id":8,"name":"bob"}
{"id":8,"name":"bob"}
{"id":8,"name":"bob"}
{"id":8,"name":"bob"}
{"id":8,"name":"cid"}
{"id":8,"name":"cid"}
{"id":8,"name":"dee"}
{"id":8,"name":"dee"}
{"id":8,"name":"eve"}
{"id":8,"name":"eve"}
{"id":9,"name":null}
{"id":null,"name":null}
