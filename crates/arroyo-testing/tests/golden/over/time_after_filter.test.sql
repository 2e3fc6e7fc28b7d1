--- use tables.sql
INSERT INTO out
SELECT id, number FROM (SELECT id, price, row_number() OVER (PARTITION BY bidder ORDER BY at) AS number FROM bids WHERE channel = 'web') WHERE price > 20;

--- expect out
{"id":0,"number":1}
{"id":14,"number":1}
{"id":21,"number":2}
{"id":23,"number":3}
{"id":27,"number":4}
{"id":34,"number":1}
