WITH p AS (SELECT name, city, CASE WHEN name <> 'dee' THEN age - 25 END AS x FROM people)
SELECT name, city, x,
    CASE WHEN bool_or(x < amount) THEN true WHEN count(*) FILTER (WHERE (x < amount) IS NULL) > 0 THEN NULL ELSE false END AS any_above,
    CASE WHEN bool_or(x < amount) THEN false WHEN count(*) FILTER (WHERE (x < amount) IS NULL) > 0 THEN NULL ELSE true END AS all_below,
    CASE WHEN bool_or(x <= amount) FILTER (WHERE customer = name) THEN false WHEN count(*) FILTER (WHERE customer = name AND (x <= amount) IS NULL) > 0 THEN NULL ELSE true END AS own_below,
    CASE WHEN bool_or(x <> amount) FILTER (WHERE customer = name) THEN true WHEN count(*) FILTER (WHERE customer = name AND (x <> amount) IS NULL) > 0 THEN NULL ELSE false END AS other,
    CASE WHEN bool_or(x <> amount) FILTER (WHERE item = 'pen') THEN false WHEN count(*) FILTER (WHERE item = 'pen' AND (x <> amount) IS NULL) > 0 THEN NULL ELSE true END AS only,
    false AS none,
    CASE WHEN NOT x > 5 THEN 'low' ELSE 'high' END AS level
FROM p CROSS JOIN orders GROUP BY name, city, x;
