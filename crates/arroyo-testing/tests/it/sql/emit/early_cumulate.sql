INSERT INTO changes
SELECT cumulate(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, channel, count(DISTINCT bidder) AS bidders FROM bids GROUP BY 1, 2
EMIT EVERY INTERVAL '1 millisecond';
