CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
SELECT x, b.k, y FROM a RIGHT JOIN b ON a.k = b.k;
