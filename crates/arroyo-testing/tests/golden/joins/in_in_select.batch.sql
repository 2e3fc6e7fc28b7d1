SELECT name, CASE WHEN name IS NOT NULL THEN name IN ('ann', 'bob', 'cid') END AS ordered, CAST(NULL AS BOOLEAN) AS no_item, false AS rich, CASE WHEN name = 'ann' THEN CAST(NULL AS BOOLEAN) ELSE false END AS aged, CAST(NULL AS BOOLEAN) AS equal, true AS other
FROM people;
