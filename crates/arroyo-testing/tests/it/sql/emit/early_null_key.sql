INSERT INTO changes
SELECT w.window.start AS start, channel, n FROM (SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n FROM bids GROUP BY window, channel
EMIT EVERY INTERVAL '2 milliseconds') AS w;
