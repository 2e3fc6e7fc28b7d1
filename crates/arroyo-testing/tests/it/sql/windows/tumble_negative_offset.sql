INSERT INTO out
SELECT tumble(INTERVAL '10 seconds', INTERVAL '-3 seconds') AS window, bidder, sum(price) AS total FROM bids GROUP BY 1, 2;
