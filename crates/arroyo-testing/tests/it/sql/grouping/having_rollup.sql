INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds'), ROLLUP (channel) HAVING count(*) > 2 AND grouping(channel) = 0;
