--- use tables.sql
INSERT INTO changes
SELECT name,
    EXISTS (SELECT count(*) FROM orders o WHERE o.customer = p.name) AS counted
FROM people p
WHERE name IS NOT NULL
  AND EXISTS (SELECT max(amount) FROM orders o WHERE o.customer = p.name)
  AND NOT EXISTS (SELECT count(*) FROM orders o WHERE o.customer = p.name HAVING count(*) > 10)
  AND 0 = ANY (SELECT count(*) FROM orders o WHERE o.customer = p.name AND o.amount > 1000000)
  AND 1 NOT IN (SELECT count(*) FROM orders o WHERE o.customer = p.name);

--- expect changes
{"name":"bob","counted":true}
{"name":"cid","counted":true}
{"name":"dee","counted":true}
{"name":"eve","counted":true}
{"name":"bob","counted":true}
