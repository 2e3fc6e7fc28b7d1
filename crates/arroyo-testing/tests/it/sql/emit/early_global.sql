INSERT INTO changes
SELECT count(*) AS n, min(page) AS page FROM visits GROUP BY tumble(INTERVAL '20 seconds') EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour';
