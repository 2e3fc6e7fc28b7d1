INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds'), GROUPING SETS ((channel), (channel), ());
