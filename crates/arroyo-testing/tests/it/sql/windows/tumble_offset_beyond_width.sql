INSERT INTO out
SELECT tumble(INTERVAL '10 seconds', INTERVAL '23 seconds') AS window, count(*) AS n FROM bids GROUP BY 1;
