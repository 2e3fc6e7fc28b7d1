--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, total, high FROM o LEFT JOIN p ON o.k = p.k AND o.n > p.n;

--- expect out
{"k":"ann","total":36,"high":20}
{"k":"ann","total":45,"high":20}
{"k":"ann","total":48,"high":8}
{"k":"ann","total":80,"high":20}
{"k":"bob","total":10,"high":null}
{"k":"bob","total":20,"high":null}
{"k":"bob","total":35,"high":null}
{"k":"cid","total":28,"high":null}
{"k":"cid","total":30,"high":null}
{"k":"cid","total":5,"high":null}
{"k":"cid","total":8,"high":null}
{"k":"zoe","total":20,"high":null}
{"k":"zoe","total":40,"high":null}
{"k":null,"total":10,"high":null}
{"k":null,"total":null,"high":null}
