INSERT INTO out
SELECT id, price * 2 AS twice, upper(bidder) AS bidder FROM bids;
