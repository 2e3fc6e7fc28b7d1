INSERT INTO out
SELECT id, item['name'] AS name, item.weight * 1000 AS grams FROM bids WHERE item.weight IS NOT NULL;
