INSERT INTO out
SELECT id, at FROM bids ORDER BY at, id;
