--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT a.k, a.n, b.n AS payments, c.n AS more FROM o a JOIN p b ON a.k = b.k AND a.w = b.w LEFT JOIN o c ON c.k = b.k AND c.w = b.w AND c.n > 2;

--- expect out
{"k":"ann","n":3,"payments":2,"more":3}
{"k":"ann","n":4,"payments":3,"more":4}
{"k":"ann","n":5,"payments":4,"more":5}
{"k":"ann","n":7,"payments":6,"more":7}
{"k":"bob","n":1,"payments":1,"more":null}
{"k":"cid","n":1,"payments":2,"more":null}
{"k":"cid","n":2,"payments":3,"more":null}
{"k":"cid","n":2,"payments":4,"more":null}
