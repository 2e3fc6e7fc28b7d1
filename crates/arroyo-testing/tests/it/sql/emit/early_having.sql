INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, bidder, count(*) AS n FROM bids GROUP BY 1, 2 HAVING count(*) > 1 EMIT EVERY INTERVAL '2 milliseconds';
