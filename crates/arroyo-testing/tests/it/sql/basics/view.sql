CREATE VIEW dear AS (SELECT id, price FROM bids WHERE price > 60);
INSERT INTO out SELECT id FROM dear WHERE id % 2 = 0;
