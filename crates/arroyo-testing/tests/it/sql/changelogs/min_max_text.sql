INSERT INTO changes
SELECT auction, min(bidder) AS first, max(bidder) AS last, min(channel) AS c FROM bids GROUP BY auction;
