INSERT INTO out
SELECT id, number FROM (SELECT id, price, row_number() OVER (PARTITION BY bidder ORDER BY at) AS number FROM bids WHERE channel = 'web') WHERE price > 20;
