INSERT INTO changes
SELECT * FROM (SELECT channel, id, price / 10 AS tens, dense_rank() OVER (PARTITION BY channel ORDER BY price / 10) AS place FROM bids) WHERE place < 3;
