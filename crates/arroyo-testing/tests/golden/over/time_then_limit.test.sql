--- use tables.sql
INSERT INTO out
SELECT id, number FROM (SELECT id, at, row_number() OVER (PARTITION BY bidder ORDER BY at) AS number FROM bids) ORDER BY at, id LIMIT 8;

--- expect out
{"id":0,"number":1}
{"id":1,"number":1}
{"id":2,"number":2}
{"id":3,"number":2}
{"id":4,"number":2}
{"id":5,"number":3}
{"id":6,"number":3}
{"id":7,"number":1}
