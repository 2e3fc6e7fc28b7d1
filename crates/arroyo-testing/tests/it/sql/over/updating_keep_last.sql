INSERT INTO changes
SELECT bidder, auction, id FROM (SELECT bidder, auction, id, row_number() OVER (PARTITION BY bidder, auction ORDER BY at DESC) AS n FROM bids) WHERE n = 1;
