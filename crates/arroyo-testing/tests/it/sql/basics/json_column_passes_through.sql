INSERT INTO out
SELECT id, extra FROM bids;
