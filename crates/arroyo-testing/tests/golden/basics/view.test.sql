--- use ../tables.sql
CREATE VIEW dear AS (SELECT id, price FROM bids WHERE price > 60);
INSERT INTO out SELECT id FROM dear WHERE id % 2 = 0;

--- expect out
{"id":0}
{"id":20}
{"id":22}
{"id":24}
{"id":28}
{"id":34}
{"id":8}
