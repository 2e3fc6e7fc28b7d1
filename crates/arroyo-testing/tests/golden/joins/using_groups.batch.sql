CREATE VIEW a AS SELECT * FROM (VALUES (1, 'a1'), (2, 'a2')) AS t(k, x);
CREATE VIEW b AS SELECT * FROM (VALUES (2, 'b2'), (3, 'b3')) AS t(k, y);
SELECT k % 2 AS odd, count(*) AS n, max(k) AS most FROM (SELECT coalesce(a.k, b.k) AS k, a.k AS left_k, b.k AS right_k, x, y FROM a FULL JOIN b ON a.k = b.k) AS ab GROUP BY k % 2 HAVING max(k) > 1;
