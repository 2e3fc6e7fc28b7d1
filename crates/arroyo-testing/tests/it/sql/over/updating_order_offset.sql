INSERT INTO changes
SELECT id FROM bids ORDER BY price, id OFFSET 33;
