INSERT INTO out SELECT id AS n FROM bids WHERE id < 3;
INSERT INTO out SELECT auction AS n FROM bids WHERE id > 37;
