INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, auction, channel, count(*) AS n FROM bids GROUP BY 1, 2, 3;
