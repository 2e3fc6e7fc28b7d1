INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, bidder FROM bids GROUP BY 1, 2 EMIT EVERY INTERVAL '2 milliseconds';
