--- use tables.sql
INSERT INTO changes
SELECT visitor, max(n) AS most, count(*) AS windows
FROM (SELECT visitor, count(*) AS n FROM visits GROUP BY visitor, tumble(INTERVAL '10 seconds') EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour') AS w
GROUP BY visitor;

--- expect changes
{"visitor":"ann","most":2,"windows":5}
{"visitor":"dee","most":2,"windows":10}
{"visitor":"cid","most":3,"windows":11}
{"visitor":"bob","most":5,"windows":8}
