INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, page, count(*) AS n, avg(spent) AS spent FROM visits GROUP BY 1, 2
ALLOW LATENESS INTERVAL '30 seconds' EMIT EVERY INTERVAL '2 milliseconds';
