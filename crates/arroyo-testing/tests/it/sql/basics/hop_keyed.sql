INSERT INTO out
SELECT hop(INTERVAL '5 seconds', INTERVAL '15 seconds') AS window, bidder, count(*) AS n FROM bids GROUP BY 1, 2;
