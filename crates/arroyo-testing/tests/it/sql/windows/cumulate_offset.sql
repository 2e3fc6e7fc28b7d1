INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds', INTERVAL '5 seconds') AS window, auction, count(*) AS n FROM bids GROUP BY 1, 2;
