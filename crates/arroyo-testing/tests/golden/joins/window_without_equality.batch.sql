CREATE VIEW o AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
SELECT o.k, p.k AS payer, o.n, p.n AS payments FROM o JOIN p ON o.n > p.n AND o.w = p.w;
