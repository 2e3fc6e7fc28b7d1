INSERT INTO changes
SELECT session(INTERVAL '3 seconds') AS window, bidder, count(*) AS n, sum(price) AS total FROM bids GROUP BY 1, 2 EMIT EVERY INTERVAL '2 milliseconds';
