INSERT INTO out
WITH web AS (SELECT * FROM bids WHERE channel = 'web'), dear AS (SELECT * FROM web WHERE price > 40) SELECT id, price FROM dear;
