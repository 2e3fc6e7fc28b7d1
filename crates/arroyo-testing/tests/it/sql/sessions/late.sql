INSERT INTO changes
SELECT session(INTERVAL '3 seconds') AS window, visitor, count(*) AS n, avg(spent) AS spent FROM visits GROUP BY 1, 2 ALLOW LATENESS INTERVAL '1 hour';
