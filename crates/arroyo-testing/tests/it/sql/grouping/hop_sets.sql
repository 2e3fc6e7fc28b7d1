INSERT INTO out
SELECT hop(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, channel, bidder, max(price) AS most FROM bids GROUP BY hop(INTERVAL '5 seconds', INTERVAL '20 seconds'), GROUPING SETS ((channel), (bidder));
