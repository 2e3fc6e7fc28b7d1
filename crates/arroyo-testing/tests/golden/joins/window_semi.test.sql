--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, o.n FROM o WHERE EXISTS (SELECT 1 FROM p WHERE p.k = o.k);

--- expect out
{"k":"ann","n":3}
{"k":"ann","n":4}
{"k":"ann","n":5}
{"k":"ann","n":7}
{"k":"bob","n":1}
{"k":"cid","n":1}
{"k":"cid","n":2}
{"k":"cid","n":2}
