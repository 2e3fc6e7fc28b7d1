--- use tables.sql
INSERT INTO changes
SELECT id, price FROM bids ORDER BY price DESC NULLS LAST, id LIMIT 5;

--- expect changes
{"id":11,"price":95}
{"id":24,"price":93}
{"id":27,"price":96}
{"id":34,"price":98}
{"id":8,"price":98}
