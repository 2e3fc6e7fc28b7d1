INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, visitor, count(*) AS n, sum(spent) AS spent FROM visits GROUP BY 1, 2
EMIT EVERY INTERVAL '5 milliseconds';
