INSERT INTO out
SELECT hop(INTERVAL '10 seconds', INTERVAL '30 seconds') AS window, sum(price) AS total, max(price) AS high FROM bids GROUP BY 1;
