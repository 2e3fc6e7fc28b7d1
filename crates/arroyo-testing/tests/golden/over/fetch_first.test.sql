--- use tables.sql
INSERT INTO changes
SELECT id, price FROM bids ORDER BY price DESC NULLS LAST, id OFFSET 2 ROWS FETCH NEXT 3 ROWS ONLY;

--- expect changes
{"id":11,"price":95}
{"id":24,"price":93}
{"id":27,"price":96}
