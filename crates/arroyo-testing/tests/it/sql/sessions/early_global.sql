INSERT INTO changes
SELECT session(INTERVAL '1 second') AS window, count(*) AS n FROM bids GROUP BY 1 EMIT EVERY INTERVAL '2 milliseconds';
