--- use tables.sql
INSERT INTO changes
SELECT name,
    name IN (SELECT customer FROM orders WHERE customer IS NOT NULL) AS ordered,
    name NOT IN (SELECT item FROM orders) AS no_item,
    name IN (SELECT payer FROM payments WHERE amount > 1000000) AS rich,
    age IN (SELECT amount FROM orders o WHERE o.customer = p.name) AS aged,
    age = ANY (SELECT amount FROM payments) AS equal,
    age <> ALL (SELECT amount FROM payments WHERE amount IS NOT NULL) AS other
FROM people p;

--- expect changes
{"name":"bob","ordered":true,"no_item":null,"rich":false,"aged":false,"equal":null,"other":true}
{"name":"bob","ordered":true,"no_item":null,"rich":false,"aged":false,"equal":null,"other":true}
{"name":"cid","ordered":true,"no_item":null,"rich":false,"aged":false,"equal":null,"other":true}
{"name":"dee","ordered":false,"no_item":null,"rich":false,"aged":false,"equal":null,"other":true}
{"name":"eve","ordered":false,"no_item":null,"rich":false,"aged":false,"equal":null,"other":true}
{"name":null,"ordered":null,"no_item":null,"rich":false,"aged":false,"equal":null,"other":true}
{"name":"ann","ordered":true,"no_item":null,"rich":false,"aged":null,"equal":null,"other":true}
