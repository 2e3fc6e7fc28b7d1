INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n, sum(price) AS total FROM bids GROUP BY tumble(INTERVAL '10 seconds'), ROLLUP (channel);
