INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, count(DISTINCT bidder) AS bidders, sum(DISTINCT auction) AS auctions FROM bids GROUP BY 1;
