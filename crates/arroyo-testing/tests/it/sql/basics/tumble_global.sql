INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n, sum(price) AS total FROM bids GROUP BY 1;
