INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds') AS window, count(DISTINCT bidder) AS bidders FROM bids GROUP BY 1;
