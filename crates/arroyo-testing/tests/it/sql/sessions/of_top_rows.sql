INSERT INTO changes
SELECT session(INTERVAL '4 seconds') AS window, count(*) AS n, min(price) AS least FROM (SELECT auction, price, at FROM (SELECT auction, price, at, row_number() OVER (PARTITION BY auction ORDER BY price DESC, id) AS place FROM bids) AS r WHERE place <= 4) AS t GROUP BY 1;
