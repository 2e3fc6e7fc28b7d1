INSERT INTO changes
SELECT bidder, price, rank() OVER (ORDER BY price DESC) AS place FROM (SELECT bidder, price, row_number() OVER (PARTITION BY bidder ORDER BY price DESC NULLS LAST, id) AS n FROM bids) WHERE n = 1;
