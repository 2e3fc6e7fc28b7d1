CREATE TABLE cheap AS SELECT id, price FROM bids WHERE price < 20;
INSERT INTO out SELECT * FROM cheap;
