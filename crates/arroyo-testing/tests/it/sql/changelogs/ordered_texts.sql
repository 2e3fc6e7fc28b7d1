INSERT INTO changes
SELECT auction, string_agg(bidder, ',' ORDER BY id) AS bidders FROM bids GROUP BY auction;
