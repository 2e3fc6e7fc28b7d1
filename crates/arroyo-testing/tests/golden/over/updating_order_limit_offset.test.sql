--- use tables.sql
INSERT INTO changes
SELECT price * 2 AS twice, id FROM bids WHERE channel IS NOT NULL ORDER BY bidder, at DESC LIMIT 4 OFFSET 3;

--- expect changes
{"twice":20,"id":13}
{"twice":118,"id":15}
{"twice":146,"id":17}
{"twice":70,"id":9}
