INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds', INTERVAL '3 seconds') AS window, auction, sum(price) AS total FROM bids GROUP BY 1, 2 EMIT EVERY INTERVAL '3 milliseconds';
