INSERT INTO out
SELECT hop(INTERVAL '9 seconds', INTERVAL '6 seconds', INTERVAL '1 second') AS window, bidder, count(*) AS n FROM bids GROUP BY 1, 2;
