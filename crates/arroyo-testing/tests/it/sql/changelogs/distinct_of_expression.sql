INSERT INTO changes
SELECT DISTINCT price / 10 AS tens FROM bids;
