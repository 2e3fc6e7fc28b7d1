-- In which windows the bids are depends on the run; how many there are in all does not.
SELECT bid.bidder AS bidder, count(*) AS bids FROM nexmark WHERE bid IS NOT NULL GROUP BY bid.bidder;
