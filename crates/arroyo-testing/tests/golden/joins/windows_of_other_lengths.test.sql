--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '20 seconds') AS w, payer AS k, count(*) AS n FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, o.n, p.n AS payments FROM o JOIN p ON o.k = p.k;

--- expect out
{"k":"ann","n":3,"payments":10}
{"k":"ann","n":3,"payments":5}
{"k":"ann","n":4,"payments":10}
{"k":"ann","n":4,"payments":5}
{"k":"ann","n":5,"payments":10}
{"k":"ann","n":5,"payments":5}
{"k":"ann","n":7,"payments":10}
{"k":"ann","n":7,"payments":5}
{"k":"bob","n":1,"payments":1}
{"k":"bob","n":3,"payments":1}
{"k":"bob","n":4,"payments":1}
{"k":"cid","n":1,"payments":2}
{"k":"cid","n":1,"payments":2}
{"k":"cid","n":1,"payments":7}
{"k":"cid","n":1,"payments":7}
{"k":"cid","n":2,"payments":2}
{"k":"cid","n":2,"payments":2}
{"k":"cid","n":2,"payments":7}
{"k":"cid","n":2,"payments":7}
