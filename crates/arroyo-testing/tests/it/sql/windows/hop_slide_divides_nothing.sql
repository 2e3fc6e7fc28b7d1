INSERT INTO out
SELECT hop(INTERVAL '7 seconds', INTERVAL '17 seconds') AS window, bidder, sum(price) AS total FROM bids GROUP BY 1, 2;
