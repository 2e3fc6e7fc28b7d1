--- use ../tables.sql
INSERT INTO out
SELECT id FROM bids WHERE channel IS NULL OR price IS NULL;

--- expect out
{"id":18}
{"id":24}
{"id":36}
{"id":4}
{"id":6}
{"id":8}
