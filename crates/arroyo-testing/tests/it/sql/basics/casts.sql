INSERT INTO out
SELECT id, CAST(price AS TEXT) AS t, CAST(id AS DOUBLE) / 3 AS d, price::DECIMAL(10, 2) AS m FROM bids;
