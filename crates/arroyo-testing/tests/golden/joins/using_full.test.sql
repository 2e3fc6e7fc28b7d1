--- use tables.sql
CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
INSERT INTO changes SELECT k, a.k AS left_k, x, y FROM a FULL JOIN b USING (k) WHERE k > 1;

--- expect changes
{"k":2,"left_k":2,"x":"a2","y":"b2"}
{"k":3,"left_k":null,"x":null,"y":"b3"}
