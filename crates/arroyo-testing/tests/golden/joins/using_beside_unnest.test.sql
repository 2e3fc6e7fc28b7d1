--- use tables.sql
CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
CREATE VIEW c AS SELECT * FROM (VALUES (1, 'c1'), (3, 'c3'), (4, 'c4')) AS t(k, z);
INSERT INTO changes SELECT k, x, y, letter, most
FROM a FULL JOIN b USING (k), UNNEST(['p', 'q']) AS l(letter), LATERAL (SELECT max(z) AS most FROM c WHERE c.k = b.k) AS d;

--- expect changes
{"k":1,"x":"a1","y":null,"letter":"p","most":null}
{"k":1,"x":"a1","y":null,"letter":"q","most":null}
{"k":2,"x":"a2","y":"b2","letter":"p","most":null}
{"k":2,"x":"a2","y":"b2","letter":"q","most":null}
{"k":3,"x":null,"y":"b3","letter":"p","most":"c3"}
{"k":3,"x":null,"y":"b3","letter":"q","most":"c3"}
