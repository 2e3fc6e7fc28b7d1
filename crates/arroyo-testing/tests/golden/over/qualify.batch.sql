SELECT auction, id, price FROM (SELECT *, row_number() OVER (PARTITION BY auction ORDER BY price DESC, id) AS place FROM bids) WHERE place <= 2;
