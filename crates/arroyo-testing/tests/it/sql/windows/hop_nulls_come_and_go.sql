INSERT INTO out
SELECT hop(INTERVAL '2 seconds', INTERVAL '8 seconds') AS window, channel, sum(price) AS total, count(*) AS n FROM bids GROUP BY 1, 2;
