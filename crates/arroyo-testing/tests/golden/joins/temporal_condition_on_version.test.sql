--- use tables.sql
INSERT INTO out
SELECT o.id, n.city FROM orders o JOIN people FOR SYSTEM_TIME AS OF o.at AS n ON o.customer = n.name WHERE n.city = 'Rome' AND o.id > 2;

--- expect out
{"id":10,"city":"Rome"}
{"id":17,"city":"Rome"}
{"id":6,"city":"Rome"}
