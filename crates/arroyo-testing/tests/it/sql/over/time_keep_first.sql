INSERT INTO out
SELECT id, bidder, auction FROM (SELECT *, row_number() OVER (PARTITION BY bidder, auction ORDER BY at) AS number FROM bids) WHERE number = 1;
