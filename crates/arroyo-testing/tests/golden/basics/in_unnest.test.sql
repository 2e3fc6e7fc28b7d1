--- use ../tables.sql
INSERT INTO out
SELECT id FROM bids WHERE 'hot' IN UNNEST(tags) AND 'x' NOT IN (SELECT unnest(tags));

--- expect out
{"id":10}
{"id":18}
{"id":19}
{"id":21}
{"id":24}
{"id":28}
{"id":37}
{"id":39}
{"id":3}
{"id":4}
{"id":8}
