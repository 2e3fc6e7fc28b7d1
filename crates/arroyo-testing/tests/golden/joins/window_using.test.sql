--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT k, o.n, high FROM o JOIN p USING (w, k);

--- expect out
{"k":"ann","n":3,"high":8}
{"k":"ann","n":4,"high":20}
{"k":"ann","n":5,"high":20}
{"k":"ann","n":7,"high":20}
{"k":"bob","n":1,"high":null}
{"k":"cid","n":1,"high":8}
{"k":"cid","n":2,"high":10}
{"k":"cid","n":2,"high":20}
