INSERT INTO out
SELECT id, row_number() OVER (PARTITION BY price > 50, channel ORDER BY at, id DESC) AS number FROM bids;
