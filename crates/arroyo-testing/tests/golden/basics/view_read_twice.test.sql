--- use ../tables.sql
CREATE VIEW priced AS (SELECT id, price FROM bids WHERE price IS NOT NULL);
INSERT INTO out SELECT id FROM priced WHERE price > 80 UNION ALL SELECT -id FROM priced WHERE price < 10;

--- expect out
{"id":-10}
{"id":-16}
{"id":-1}
{"id":-2}
{"id":0}
{"id":11}
{"id":21}
{"id":24}
{"id":27}
{"id":31}
{"id":34}
{"id":8}
