INSERT INTO out
SELECT session(INTERVAL '5 seconds') AS window, bidder, count(*) AS n, sum(price) AS total FROM bids GROUP BY 1, 2;
