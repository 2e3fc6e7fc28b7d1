CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
CREATE VIEW c AS SELECT * FROM (VALUES (1, 'c1'), (3, 'c3'), (4, 'c4')) AS t(k, z);
SELECT coalesce(ab.k, c.k) AS k, x, y, z FROM (SELECT coalesce(a.k, b.k) AS k, a.k AS left_k, b.k AS right_k, x, y FROM a FULL JOIN b ON a.k = b.k) AS ab FULL JOIN c ON ab.k = c.k;
