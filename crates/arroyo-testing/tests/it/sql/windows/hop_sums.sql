INSERT INTO out
SELECT hop(INTERVAL '2 seconds', INTERVAL '20 seconds') AS window, bidder, count(*) AS n, sum(price) AS total, count(price) AS priced FROM bids GROUP BY 1, 2;
