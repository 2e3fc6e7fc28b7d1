CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
CREATE VIEW c AS SELECT * FROM (VALUES (1, 'c1'), (3, 'c3'), (4, 'c4')) AS t(k, z);
SELECT ab.k, x, y, letter, z AS most FROM (SELECT coalesce(a.k, b.k) AS k, a.k AS left_k, b.k AS right_k, x, y FROM a FULL JOIN b ON a.k = b.k) AS ab CROSS JOIN (VALUES ('p'), ('q')) AS l(letter) LEFT JOIN c ON c.k = right_k;
