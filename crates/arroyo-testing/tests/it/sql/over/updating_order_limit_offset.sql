INSERT INTO changes
SELECT price * 2 AS twice, id FROM bids WHERE channel IS NOT NULL ORDER BY bidder, at DESC LIMIT 4 OFFSET 3;
