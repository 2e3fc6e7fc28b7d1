--- use tables.sql
INSERT INTO changes
-- Who ordered every item that was ever ordered for more than 15.
SELECT DISTINCT p.name FROM people p
WHERE NOT EXISTS (
    SELECT 1 FROM orders o
    WHERE o.amount > 15 AND o.item IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM orders x WHERE x.customer = p.name AND x.item = o.item));

--- expect changes
{"name":"ann"}
