INSERT INTO out
SELECT id, cardinality(tags) AS n, tags[1] AS first, array_has(tags, 'hot') AS hot FROM bids;
