CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
CREATE VIEW c AS SELECT * FROM (VALUES (1, 'c1'), (3, 'c3'), (4, 'c4')) AS t(k, z);
SELECT bc.k, x, y, z FROM a RIGHT JOIN (SELECT coalesce(b.k, c.k) AS k, y, z FROM b FULL JOIN c ON b.k = c.k) AS bc ON a.k = bc.k
WHERE bc.k <> 4;
