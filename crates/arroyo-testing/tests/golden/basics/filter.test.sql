--- use ../tables.sql
INSERT INTO out
SELECT id, price FROM bids WHERE price > 50 AND channel = 'web';

--- expect out
{"id":0,"price":84}
{"id":21,"price":83}
{"id":27,"price":96}
{"id":34,"price":98}
