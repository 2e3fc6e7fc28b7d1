INSERT INTO changes
SELECT hop(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, visitor, count(*) AS n FROM visits GROUP BY 1, 2 ALLOW LATENESS INTERVAL '1' HOUR;
