CREATE VIEW o AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, customer AS k, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT date_bin(INTERVAL '20 seconds', at) AS w, payer AS k, count(*) AS n FROM payments GROUP BY 1, 2;
SELECT o.k, o.n, p.n AS payments FROM o JOIN p ON o.k = p.k;
