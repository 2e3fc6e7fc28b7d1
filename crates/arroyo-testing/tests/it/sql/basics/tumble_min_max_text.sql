INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, min(bidder) AS first, max(channel) AS last FROM bids GROUP BY 1;
