INSERT INTO out
SELECT id, unnest(tags) AS tag FROM bids;
