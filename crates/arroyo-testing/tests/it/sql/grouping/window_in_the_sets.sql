INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n FROM bids GROUP BY GROUPING SETS ((tumble(INTERVAL '10 seconds'), channel), (tumble(INTERVAL '10 seconds')));
