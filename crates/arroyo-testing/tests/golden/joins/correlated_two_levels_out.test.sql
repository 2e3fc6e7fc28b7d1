--- use tables.sql
INSERT INTO changes
SELECT p.name FROM people p
WHERE EXISTS (
    SELECT 1 FROM orders o
    WHERE o.customer = p.name
      AND EXISTS (SELECT 1 FROM payments y WHERE y.order_id = o.id AND y.payer <> p.name));

--- expect changes
{"name":"ann"}
{"name":"bob"}
{"name":"bob"}
{"name":"cid"}
