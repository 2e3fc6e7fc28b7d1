INSERT INTO out
SELECT id, number FROM (SELECT id, at, row_number() OVER (PARTITION BY bidder ORDER BY at) AS number FROM bids) ORDER BY at, id LIMIT 8;
