-- The side input, by the rule that it was written by.
SELECT auction, bidder, price, datetime, concat('side-', auction % 500 * 37 % 500) AS value
FROM bids
WHERE auction % 500 % 7 <> 0;
