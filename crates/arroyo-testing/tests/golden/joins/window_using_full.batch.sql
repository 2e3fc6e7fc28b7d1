CREATE VIEW o AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, customer AS k, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, payer AS k, max(amount) AS high FROM payments GROUP BY 1, 2;
SELECT coalesce(o.w, p.w) AS start, count(*) AS people, sum(n) AS orders, max(high) AS high
FROM o FULL JOIN p ON o.w = p.w AND o.k = p.k GROUP BY coalesce(o.w, p.w);
