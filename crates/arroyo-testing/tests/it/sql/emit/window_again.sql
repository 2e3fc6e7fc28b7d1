INSERT INTO changes
SELECT tumble(INTERVAL '30 seconds') AS longer, max(n) AS most, sum(n) AS n
FROM (SELECT visitor, count(*) AS n FROM visits GROUP BY visitor, tumble(INTERVAL '10 seconds') EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour') AS w
GROUP BY 1;
