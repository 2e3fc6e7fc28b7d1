INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds'), ROLLUP (channel) EMIT EVERY INTERVAL '2 milliseconds';
