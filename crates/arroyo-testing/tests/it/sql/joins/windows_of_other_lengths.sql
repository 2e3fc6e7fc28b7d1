CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '20 seconds') AS w, payer AS k, count(*) AS n FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, o.n, p.n AS payments FROM o JOIN p ON o.k = p.k;
