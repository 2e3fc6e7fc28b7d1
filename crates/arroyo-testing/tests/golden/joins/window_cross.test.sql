--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, p.k AS payer FROM o JOIN p ON true;

--- expect out
{"k":"ann","payer":"ann"}
{"k":"ann","payer":"ann"}
{"k":"ann","payer":"ann"}
{"k":"ann","payer":"ann"}
{"k":"ann","payer":"bob"}
{"k":"ann","payer":"cid"}
{"k":"ann","payer":"cid"}
{"k":"ann","payer":"cid"}
{"k":"ann","payer":"eve"}
{"k":"ann","payer":"eve"}
{"k":"ann","payer":null}
{"k":"ann","payer":null}
{"k":"ann","payer":null}
{"k":"bob","payer":"ann"}
{"k":"bob","payer":"ann"}
{"k":"bob","payer":"ann"}
{"k":"bob","payer":"bob"}
{"k":"bob","payer":"cid"}
{"k":"bob","payer":"cid"}
{"k":"bob","payer":"cid"}
{"k":"bob","payer":"eve"}
{"k":"bob","payer":"eve"}
{"k":"bob","payer":null}
{"k":"bob","payer":null}
{"k":"bob","payer":null}
{"k":"cid","payer":"ann"}
{"k":"cid","payer":"ann"}
{"k":"cid","payer":"ann"}
{"k":"cid","payer":"ann"}
{"k":"cid","payer":"bob"}
{"k":"cid","payer":"cid"}
{"k":"cid","payer":"cid"}
{"k":"cid","payer":"cid"}
{"k":"cid","payer":"eve"}
{"k":"cid","payer":"eve"}
{"k":"cid","payer":null}
{"k":"cid","payer":null}
{"k":"cid","payer":null}
{"k":"zoe","payer":"ann"}
{"k":"zoe","payer":"ann"}
{"k":"zoe","payer":"cid"}
{"k":"zoe","payer":"cid"}
{"k":"zoe","payer":"eve"}
{"k":"zoe","payer":null}
{"k":"zoe","payer":null}
{"k":null,"payer":"ann"}
{"k":null,"payer":"ann"}
{"k":null,"payer":"bob"}
{"k":null,"payer":"cid"}
{"k":null,"payer":"cid"}
{"k":null,"payer":"eve"}
{"k":null,"payer":"eve"}
{"k":null,"payer":null}
{"k":null,"payer":null}
