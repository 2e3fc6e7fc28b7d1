--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, total, high FROM (SELECT w, k, total FROM o) o NATURAL JOIN (SELECT w, k, high FROM p) p;

--- expect out
{"k":"ann","total":36,"high":20}
{"k":"ann","total":45,"high":20}
{"k":"ann","total":48,"high":8}
{"k":"ann","total":80,"high":20}
{"k":"bob","total":10,"high":null}
{"k":"cid","total":28,"high":10}
{"k":"cid","total":30,"high":20}
{"k":"cid","total":8,"high":8}
