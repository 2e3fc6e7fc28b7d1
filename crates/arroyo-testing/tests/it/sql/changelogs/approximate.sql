INSERT INTO changes
SELECT channel, approx_distinct(bidder) AS bidders FROM bids GROUP BY channel;
