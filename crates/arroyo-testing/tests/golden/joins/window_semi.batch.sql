CREATE VIEW o AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
SELECT o.k, o.n FROM o WHERE EXISTS (SELECT 1 FROM p WHERE p.k = o.k AND o.w = p.w);
