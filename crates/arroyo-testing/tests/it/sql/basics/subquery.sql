INSERT INTO out
SELECT bidder, twice FROM (SELECT bidder, price * 2 AS twice FROM bids) WHERE twice > 100;
