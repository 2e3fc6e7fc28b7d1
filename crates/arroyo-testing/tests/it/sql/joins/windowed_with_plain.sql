CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n FROM orders GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, o.n, city FROM o JOIN people p ON o.k = p.name;
