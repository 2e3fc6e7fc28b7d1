INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n, max(price) AS most FROM bids GROUP BY 1 EMIT EVERY INTERVAL '1 hour';
