INSERT INTO changes
SELECT window, count(*) AS visitors, max(n) AS most
FROM (SELECT tumble(INTERVAL '10 seconds') AS window, visitor, count(*) AS n FROM visits GROUP BY 1, 2 ALLOW LATENESS INTERVAL '1 hour') AS w
GROUP BY window;
