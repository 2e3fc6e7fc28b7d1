INSERT INTO out
SELECT session(INTERVAL '2 seconds') AS window, channel, count(*) AS n FROM bids GROUP BY session(INTERVAL '2 seconds'), ROLLUP (channel);
