CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
CREATE VIEW c AS SELECT * FROM (VALUES (1, 'c1'), (3, 'c3'), (4, 'c4')) AS t(k, z);
WITH e AS (SELECT coalesce(c.k, a.k) AS k, z FROM (SELECT * FROM c WHERE k > 1) AS c FULL JOIN a ON c.k = a.k)
SELECT coalesce(e.k, b.k) AS k, z, y FROM e FULL JOIN b ON e.k = b.k;
