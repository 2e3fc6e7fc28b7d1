INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, bidder AS a, bidder AS b, sum(price) AS total, count(*) AS n FROM bids GROUP BY window, bidder, bidder;
