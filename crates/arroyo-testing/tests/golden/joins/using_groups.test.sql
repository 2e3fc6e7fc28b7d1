--- use tables.sql
CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
INSERT INTO changes SELECT k % 2 AS odd, count(*) AS n, max(k) AS most
FROM a FULL JOIN b USING (k) GROUP BY k % 2 HAVING max(k) > 1;

--- expect changes
{"odd":0,"n":1,"most":2}
{"odd":1,"n":2,"most":3}
