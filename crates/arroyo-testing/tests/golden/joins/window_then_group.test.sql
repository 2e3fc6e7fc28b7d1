--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT count(*) AS pairs, sum(o.n) AS n FROM o JOIN p ON o.k = p.k GROUP BY o.w;

--- expect out
{"pairs":1,"n":3}
{"pairs":2,"n":7}
{"pairs":2,"n":9}
{"pairs":3,"n":6}
