INSERT INTO changes
SELECT tumble(INTERVAL '20 seconds') AS window, max(n) AS most, count(*) AS sessions FROM (SELECT count(*) AS n FROM visits GROUP BY session(INTERVAL '2 seconds'), visitor ALLOW LATENESS INTERVAL '1 hour') AS s GROUP BY 1;
