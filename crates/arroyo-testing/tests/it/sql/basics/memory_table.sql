CREATE TABLE kept (id BIGINT, price BIGINT);
INSERT INTO kept SELECT id, price FROM bids WHERE price IS NOT NULL;
INSERT INTO out SELECT id FROM kept WHERE price > 30;
