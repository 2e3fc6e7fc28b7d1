CREATE VIEW priced AS (SELECT id, price FROM bids WHERE price IS NOT NULL);
INSERT INTO out SELECT id FROM priced WHERE price > 80 UNION ALL SELECT -id FROM priced WHERE price < 10;
