--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, p.k AS payer, o.n FROM o JOIN p ON upper(o.k) = upper(p.k) AND o.n + 0 = p.n;

--- expect out
{"k":"bob","payer":"bob","n":1}
