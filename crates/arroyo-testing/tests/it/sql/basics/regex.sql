INSERT INTO out
SELECT id, regexp_replace(bidder, '[aeiou]', '*', 'g') AS masked FROM bids WHERE bidder ~ '^[ab]';
