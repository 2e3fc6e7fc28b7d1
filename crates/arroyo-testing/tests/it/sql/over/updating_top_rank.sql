INSERT INTO changes
SELECT * FROM (SELECT channel, id, price / 10 AS tens, rank() OVER (PARTITION BY channel ORDER BY price / 10 DESC NULLS LAST) AS place FROM bids) WHERE place <= 2;
