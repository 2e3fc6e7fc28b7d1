--- use ../tables.sql
INSERT INTO out
WITH web AS (SELECT * FROM bids WHERE channel = 'web'), dear AS (SELECT * FROM web WHERE price > 40) SELECT id, price FROM dear;

--- expect out
{"id":0,"price":84}
{"id":21,"price":83}
{"id":23,"price":46}
{"id":27,"price":96}
{"id":34,"price":98}
