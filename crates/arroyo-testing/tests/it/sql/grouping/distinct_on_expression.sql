INSERT INTO changes
SELECT DISTINCT ON (price / 20) price / 20 AS twenties, id * 2 AS twice, tags FROM bids WHERE price IS NOT NULL ORDER BY price / 20, price DESC, id;
