--- use tables.sql
INSERT INTO changes
SELECT p.name FROM people p
WHERE (SELECT max(o.amount) FROM orders o WHERE o.customer = p.name)
    >= ALL (SELECT y.amount FROM payments y WHERE y.payer = p.name);

--- expect changes
{"name":"dee"}
{"name":null}
