INSERT INTO changes
SELECT hop(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, bidder, count(*) AS n, avg(price) AS price FROM bids GROUP BY 1, 2
EMIT EVERY INTERVAL '5 milliseconds';
