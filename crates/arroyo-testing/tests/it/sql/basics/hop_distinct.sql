INSERT INTO out
SELECT hop(INTERVAL '10 seconds', INTERVAL '20 seconds') AS window, count(DISTINCT bidder) AS bidders FROM bids GROUP BY 1;
