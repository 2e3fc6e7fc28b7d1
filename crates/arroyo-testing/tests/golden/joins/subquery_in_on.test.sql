--- use tables.sql
INSERT INTO changes
SELECT name, o.id, o.amount FROM people p
JOIN orders o ON p.name = o.customer AND o.amount > (SELECT avg(amount) FROM payments)
    AND EXISTS (SELECT 1 FROM payments y WHERE y.payer = p.name AND y.amount = o.amount);

--- expect changes
{"name":"cid","id":1,"amount":20}
{"name":"cid","id":12,"amount":20}
{"name":"ann","id":28,"amount":20}
{"name":"ann","id":33,"amount":20}
{"name":"ann","id":34,"amount":20}
{"name":"ann","id":5,"amount":20}
{"name":"ann","id":8,"amount":20}
{"name":"ann","id":8,"amount":20}
