--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT p.k, p.n FROM o RIGHT ANTI JOIN p ON o.k = p.k;

--- expect out
{"k":"eve","n":2}
{"k":"eve","n":2}
{"k":null,"n":1}
{"k":null,"n":3}
{"k":null,"n":3}
