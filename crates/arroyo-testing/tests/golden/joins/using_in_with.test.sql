--- use tables.sql
CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
CREATE VIEW c AS SELECT * FROM (VALUES (1, 'c1'), (3, 'c3'), (4, 'c4')) AS t(k, z);
INSERT INTO changes WITH d AS (SELECT k, z FROM c WHERE k > 1), e AS (SELECT * FROM d FULL JOIN a USING (k))
SELECT * EXCLUDE (x) FROM e NATURAL FULL JOIN b;

--- expect changes
{"k":1,"z":null,"y":null}
{"k":2,"z":null,"y":"b2"}
{"k":3,"z":"c3","y":"b3"}
{"k":4,"z":"c4","y":null}
