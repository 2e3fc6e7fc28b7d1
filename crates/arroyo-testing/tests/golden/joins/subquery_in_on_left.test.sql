--- use tables.sql
INSERT INTO changes
SELECT name, city, o.id, o.amount FROM people p
LEFT JOIN orders o ON p.name = o.customer AND o.amount > (SELECT avg(amount) FROM payments)
    AND EXISTS (SELECT 1 FROM payments y WHERE y.order_id = o.id) AND p.city IN (SELECT city FROM people q WHERE q.age < 45);

--- expect changes
{"name":"ann","city":"Oslo","id":28,"amount":20}
{"name":"ann","city":"Oslo","id":33,"amount":20}
{"name":"ann","city":"Oslo","id":34,"amount":20}
{"name":"ann","city":"Oslo","id":8,"amount":20}
{"name":"ann","city":"Oslo","id":8,"amount":20}
{"name":"bob","city":"Bern","id":null,"amount":null}
{"name":null,"city":"Bern","id":null,"amount":null}
{"name":"eve","city":"Oslo","id":null,"amount":null}
{"name":"bob","city":"Rome","id":null,"amount":null}
{"name":"dee","city":"Rome","id":null,"amount":null}
{"name":"cid","city":null,"id":null,"amount":null}
