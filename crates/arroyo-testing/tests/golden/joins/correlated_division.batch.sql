SELECT DISTINCT p.name FROM people p
LEFT JOIN (
    SELECT p.name FROM (SELECT DISTINCT name FROM people) p CROSS JOIN (SELECT DISTINCT item FROM orders WHERE amount > 15 AND item IS NOT NULL) o
    LEFT JOIN orders x ON x.customer = p.name AND x.item = o.item WHERE x.id IS NULL
) AS missing ON missing.name IS NOT DISTINCT FROM p.name
WHERE missing.name IS NULL AND p.name IS NOT NULL;
