--- use tables.sql
INSERT INTO out
SELECT o.id, p.name FROM orders o JOIN people p ON o.amount * 3 > p.age AND o.id < 8;

--- expect out
{"id":1,"name":"ann"}
{"id":1,"name":"bob"}
{"id":1,"name":"bob"}
{"id":1,"name":"cid"}
{"id":1,"name":"dee"}
{"id":1,"name":"eve"}
{"id":2,"name":"cid"}
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
