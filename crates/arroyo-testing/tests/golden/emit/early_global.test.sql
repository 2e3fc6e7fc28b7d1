--- use tables.sql
INSERT INTO changes
SELECT count(*) AS n, min(page) AS page FROM visits GROUP BY tumble(INTERVAL '20 seconds') EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour';

--- expect changes
{"n":11,"page":"cart"}
{"n":11,"page":"cart"}
{"n":13,"page":"cart"}
{"n":5,"page":"cart"}
{"n":8,"page":"cart"}
{"n":8,"page":"cart"}
