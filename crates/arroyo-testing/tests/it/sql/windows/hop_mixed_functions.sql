INSERT INTO out
SELECT hop(INTERVAL '3 seconds', INTERVAL '21 seconds') AS window, auction, min(price) AS least, max(price) AS most, avg(price) AS mean, count(DISTINCT bidder) AS bidders FROM bids GROUP BY 1, 2;
