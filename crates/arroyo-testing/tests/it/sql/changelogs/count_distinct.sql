INSERT INTO changes
SELECT channel, count(DISTINCT bidder) AS bidders, count(DISTINCT auction) AS auctions FROM bids GROUP BY channel;
