--- use tables.sql
INSERT INTO out SELECT id, text
FROM orders o, LATERAL (SELECT o.customer AS text UNION ALL SELECT o.item WHERE o.id > 2) AS d
WHERE id < 5 AND text IS NOT NULL;

--- expect out
{"id":0,"text":"bob"}
{"id":1,"text":"cid"}
{"id":2,"text":"ann"}
{"id":3,"text":"ann"}
{"id":4,"text":"cup"}
{"id":4,"text":"cup"}
{"id":4,"text":"zoe"}
{"id":4,"text":"zoe"}
