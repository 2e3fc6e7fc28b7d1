--- use tables.sql
CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
CREATE VIEW c AS SELECT * FROM (VALUES (1, 'c1'), (3, 'c3'), (4, 'c4')) AS t(k, z);
INSERT INTO changes SELECT k, x, y, z FROM a FULL JOIN b USING (k) FULL JOIN c USING (k);

--- expect changes
{"k":1,"x":"a1","y":null,"z":"c1"}
{"k":2,"x":"a2","y":"b2","z":null}
{"k":3,"x":null,"y":"b3","z":"c3"}
{"k":4,"x":null,"y":null,"z":"c4"}
