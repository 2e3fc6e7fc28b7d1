INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, price / 10 AS tens, tags, count(*) AS n FROM bids GROUP BY 1, 2, 3 EMIT EVERY INTERVAL '2 milliseconds';
