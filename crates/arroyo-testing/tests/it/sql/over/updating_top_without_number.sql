INSERT INTO changes
SELECT bidder, id, price FROM (SELECT *, row_number() OVER (PARTITION BY bidder ORDER BY price DESC NULLS LAST, id) AS place FROM bids) WHERE place <= 3;
