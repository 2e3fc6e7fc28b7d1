--- use tables.sql
CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
INSERT INTO changes SELECT * FROM a NATURAL RIGHT JOIN b;

--- expect changes
{"k":2,"x":"a2","y":"b2"}
{"k":3,"x":null,"y":"b3"}
