--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, o.n, p.k AS payer FROM o LEFT JOIN p ON o.n > p.n + 1;

--- expect out
{"k":"ann","n":3,"payer":null}
{"k":"ann","n":4,"payer":"bob"}
{"k":"ann","n":4,"payer":"cid"}
{"k":"ann","n":4,"payer":"eve"}
{"k":"ann","n":5,"payer":null}
{"k":"ann","n":7,"payer":"cid"}
{"k":"ann","n":7,"payer":"eve"}
{"k":"ann","n":7,"payer":null}
{"k":"bob","n":1,"payer":null}
{"k":"bob","n":3,"payer":null}
{"k":"bob","n":4,"payer":null}
{"k":"cid","n":1,"payer":null}
{"k":"cid","n":1,"payer":null}
{"k":"cid","n":2,"payer":null}
{"k":"cid","n":2,"payer":null}
{"k":"zoe","n":2,"payer":null}
{"k":"zoe","n":2,"payer":null}
{"k":null,"n":1,"payer":null}
{"k":null,"n":1,"payer":null}
