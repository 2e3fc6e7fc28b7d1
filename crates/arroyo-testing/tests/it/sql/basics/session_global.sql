INSERT INTO out
SELECT session(INTERVAL '4 seconds') AS window, count(*) AS n, min(id) AS first FROM bids GROUP BY 1;
