CREATE VIEW o AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
SELECT a.k, b.k AS other, a.n FROM o a JOIN o b ON a.n = b.n AND a.k < b.k AND a.w = b.w;
