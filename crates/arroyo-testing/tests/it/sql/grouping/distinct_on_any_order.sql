INSERT INTO out
SELECT DISTINCT ON (channel, auction) channel, auction, id FROM bids;
