INSERT INTO changes
SELECT a.window.start AS start, a.n AS visits, b.n AS bids
FROM (SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n FROM visits GROUP BY 1 EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour') AS a
LEFT JOIN (SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n FROM bids GROUP BY 1) AS b ON a.window = b.window;
