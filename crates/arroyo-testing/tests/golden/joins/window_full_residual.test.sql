--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, total, p.k AS payer, high FROM o FULL JOIN p ON o.k = p.k AND total > high;

--- expect out
{"k":"ann","total":36,"payer":"ann","high":20}
{"k":"ann","total":45,"payer":"ann","high":20}
{"k":"ann","total":48,"payer":"ann","high":8}
{"k":"ann","total":80,"payer":"ann","high":20}
{"k":"bob","total":10,"payer":null,"high":null}
{"k":"bob","total":20,"payer":null,"high":null}
{"k":"bob","total":35,"payer":null,"high":null}
{"k":"cid","total":28,"payer":"cid","high":10}
{"k":"cid","total":30,"payer":"cid","high":20}
{"k":"cid","total":5,"payer":null,"high":null}
{"k":"cid","total":8,"payer":null,"high":null}
{"k":"zoe","total":20,"payer":null,"high":null}
{"k":"zoe","total":40,"payer":null,"high":null}
{"k":null,"total":10,"payer":null,"high":null}
{"k":null,"total":null,"payer":"bob","high":null}
{"k":null,"total":null,"payer":"cid","high":8}
{"k":null,"total":null,"payer":"eve","high":10}
{"k":null,"total":null,"payer":"eve","high":8}
{"k":null,"total":null,"payer":null,"high":10}
{"k":null,"total":null,"payer":null,"high":20}
{"k":null,"total":null,"payer":null,"high":5}
{"k":null,"total":null,"payer":null,"high":null}
