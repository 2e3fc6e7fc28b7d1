INSERT INTO changes
SELECT DISTINCT channel, auction FROM bids;
