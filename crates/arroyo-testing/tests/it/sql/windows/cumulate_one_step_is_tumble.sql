INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '10 seconds') AS window, count(*) AS n FROM bids GROUP BY 1;
