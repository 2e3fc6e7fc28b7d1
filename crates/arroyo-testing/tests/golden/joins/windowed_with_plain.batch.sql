CREATE VIEW o AS SELECT date_bin(INTERVAL '10 seconds', at) AS w, customer AS k, count(*) AS n FROM orders GROUP BY 1, 2;
SELECT o.k, o.n, city FROM o JOIN people p ON o.k = p.name;
