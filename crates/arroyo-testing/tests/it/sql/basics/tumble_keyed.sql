INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, bidder, count(*) AS n, min(price) AS low, max(price) AS high FROM bids GROUP BY window, bidder;
