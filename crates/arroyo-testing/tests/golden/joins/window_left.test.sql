--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, o.n, total, p.n AS payments, high FROM o LEFT JOIN p ON o.k = p.k;

--- expect out
{"k":"ann","n":3,"total":48,"payments":2,"high":8}
{"k":"ann","n":4,"total":36,"payments":3,"high":20}
{"k":"ann","n":5,"total":45,"payments":4,"high":20}
{"k":"ann","n":7,"total":80,"payments":6,"high":20}
{"k":"bob","n":1,"total":10,"payments":1,"high":null}
{"k":"bob","n":3,"total":35,"payments":null,"high":null}
{"k":"bob","n":4,"total":20,"payments":null,"high":null}
{"k":"cid","n":1,"total":5,"payments":null,"high":null}
{"k":"cid","n":1,"total":8,"payments":2,"high":8}
{"k":"cid","n":2,"total":28,"payments":4,"high":10}
{"k":"cid","n":2,"total":30,"payments":3,"high":20}
{"k":"zoe","n":2,"total":20,"payments":null,"high":null}
{"k":"zoe","n":2,"total":40,"payments":null,"high":null}
{"k":null,"n":1,"total":10,"payments":null,"high":null}
{"k":null,"n":1,"total":null,"payments":null,"high":null}
