--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, p.k AS payer, o.n, p.n AS payments FROM o JOIN p ON o.n > p.n;

--- expect out
{"k":"ann","payer":"ann","n":3,"payments":2}
{"k":"ann","payer":"ann","n":4,"payments":3}
{"k":"ann","payer":"ann","n":5,"payments":4}
{"k":"ann","payer":"ann","n":7,"payments":6}
{"k":"ann","payer":"bob","n":4,"payments":1}
{"k":"ann","payer":"cid","n":4,"payments":2}
{"k":"ann","payer":"cid","n":5,"payments":4}
{"k":"ann","payer":"cid","n":7,"payments":3}
{"k":"ann","payer":"eve","n":4,"payments":2}
{"k":"ann","payer":"eve","n":7,"payments":2}
{"k":"ann","payer":null,"n":4,"payments":3}
{"k":"ann","payer":null,"n":5,"payments":3}
{"k":"ann","payer":null,"n":7,"payments":1}
{"k":"bob","payer":"eve","n":3,"payments":2}
{"k":"bob","payer":null,"n":3,"payments":1}
{"k":"bob","payer":null,"n":4,"payments":3}
{"k":"cid","payer":null,"n":2,"payments":1}
{"k":"zoe","payer":null,"n":2,"payments":1}
