CREATE VIEW o AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
SELECT a.k, a.n, b.n AS payments, c.n AS more FROM o a JOIN p b ON a.k = b.k AND a.w = b.w LEFT JOIN o c ON c.k = b.k AND c.w = b.w AND c.n > 2;
