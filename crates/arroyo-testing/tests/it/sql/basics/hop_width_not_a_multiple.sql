INSERT INTO out
SELECT hop(INTERVAL '4 seconds', INTERVAL '10 seconds') AS window, count(*) AS n FROM bids GROUP BY 1;
