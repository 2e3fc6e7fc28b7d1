INSERT INTO changes
SELECT hop(INTERVAL '20 seconds', INTERVAL '10 seconds') AS window, count(*) AS n FROM visits GROUP BY 1 ALLOW LATENESS INTERVAL '1 hour';
