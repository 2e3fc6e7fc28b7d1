INSERT INTO out
SELECT cumulate(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, count(*) AS n, sum(price) AS total FROM bids GROUP BY 1;
