--- use ../tables.sql
INSERT INTO out SELECT id AS n FROM bids WHERE id < 3;
INSERT INTO out SELECT auction AS n FROM bids WHERE id > 37;

--- expect out
{"n":0}
{"n":1}
{"n":2}
{"n":2}
{"n":3}
