INSERT INTO changes
SELECT cumulate(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, max(spent) AS most, median(score) AS score FROM visits GROUP BY 1 ALLOW LATENESS INTERVAL '1 hour';
