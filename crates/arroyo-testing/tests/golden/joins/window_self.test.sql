--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT a.k, b.k AS other, a.n FROM o a JOIN o b ON a.n = b.n AND a.k < b.k AND a.w = b.w;

--- expect out
{"k":"bob","other":"cid","n":1}
{"k":"cid","other":"zoe","n":2}
{"k":"cid","other":"zoe","n":2}
