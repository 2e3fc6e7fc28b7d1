INSERT INTO changes
SELECT session(INTERVAL '2 seconds') AS window, count(*) AS n, array_agg(id ORDER BY id) AS ids FROM visits GROUP BY 1 ALLOW LATENESS INTERVAL '1 hour' EMIT EVERY INTERVAL '2 milliseconds';
