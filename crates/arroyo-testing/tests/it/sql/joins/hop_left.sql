CREATE VIEW o AS SELECT hop(INTERVAL '5 seconds', INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT hop(INTERVAL '5 seconds', INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.w, o.k, o.n, p.n AS payments FROM o LEFT JOIN p ON o.k = p.k;
