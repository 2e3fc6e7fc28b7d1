--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n FROM orders GROUP BY 1, 2;
INSERT INTO out
SELECT o.k, o.n, city FROM o JOIN people p ON o.k = p.name;

--- expect out
{"k":"ann","n":3,"city":"Oslo"}
{"k":"ann","n":4,"city":"Oslo"}
{"k":"ann","n":5,"city":"Oslo"}
{"k":"ann","n":7,"city":"Oslo"}
{"k":"bob","n":1,"city":"Bern"}
{"k":"bob","n":1,"city":"Rome"}
{"k":"bob","n":3,"city":"Bern"}
{"k":"bob","n":3,"city":"Rome"}
{"k":"bob","n":4,"city":"Bern"}
{"k":"bob","n":4,"city":"Rome"}
{"k":"cid","n":1,"city":null}
{"k":"cid","n":1,"city":null}
{"k":"cid","n":2,"city":null}
{"k":"cid","n":2,"city":null}
