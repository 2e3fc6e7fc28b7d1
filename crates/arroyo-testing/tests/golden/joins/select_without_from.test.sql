--- use tables.sql
INSERT INTO out SELECT 1 + 1 AS two, 'x' || 'y' AS xy UNION ALL SELECT id, customer FROM orders WHERE id < 3;

--- expect out
{"two":0,"xy":"bob"}
{"two":1,"xy":"cid"}
{"two":2,"xy":"ann"}
{"two":2,"xy":"xy"}
