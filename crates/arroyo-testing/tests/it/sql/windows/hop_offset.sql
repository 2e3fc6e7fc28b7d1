INSERT INTO out
SELECT hop(INTERVAL '10 seconds', INTERVAL '20 seconds', INTERVAL '4 seconds') AS window, count(*) AS n FROM bids GROUP BY 1;
