--- use tables.sql
INSERT INTO changes
SELECT id FROM bids ORDER BY price, id OFFSET 33;

--- expect changes
{"id":11}
{"id":24}
{"id":27}
{"id":31}
{"id":34}
{"id":4}
{"id":8}
