SELECT id FROM bids ORDER BY at, id;
