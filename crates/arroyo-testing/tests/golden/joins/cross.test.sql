--- use tables.sql
INSERT INTO out
SELECT o.id, p.name FROM orders o CROSS JOIN people p WHERE o.id < 3;

--- expect out
{"id":0,"name":"ann"}
{"id":0,"name":"bob"}
{"id":0,"name":"bob"}
{"id":0,"name":"cid"}
{"id":0,"name":"dee"}
{"id":0,"name":"eve"}
{"id":0,"name":null}
{"id":1,"name":"ann"}
{"id":1,"name":"bob"}
{"id":1,"name":"bob"}
{"id":1,"name":"cid"}
{"id":1,"name":"dee"}
{"id":1,"name":"eve"}
{"id":1,"name":null}
{"id":2,"name":"ann"}
{"id":2,"name":"bob"}
{"id":2,"name":"bob"}
{"id":2,"name":"cid"}
{"id":2,"name":"dee"}
{"id":2,"name":"eve"}
{"id":2,"name":null}
