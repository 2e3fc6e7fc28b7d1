INSERT INTO out
SELECT cumulate(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, channel, count(DISTINCT bidder) AS bidders FROM bids GROUP BY cumulate(INTERVAL '5 seconds', INTERVAL '20 seconds'), ROLLUP (channel);
