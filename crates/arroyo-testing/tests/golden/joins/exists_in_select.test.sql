--- use tables.sql
INSERT INTO changes
SELECT name, city,
    EXISTS (SELECT 1 FROM orders o WHERE o.customer = p.name) AS ordered,
    NOT EXISTS (SELECT 1 FROM payments y WHERE y.payer = p.name AND y.amount > 10) AS unpaid,
    CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.customer = p.name AND o.item = 'cup') THEN 'cup' ELSE 'none' END AS item,
    EXISTS (SELECT 1 FROM payments WHERE amount > 1000000) AS rich
FROM people p;

--- expect changes
{"name":"bob","city":"Bern","ordered":true,"unpaid":true,"item":"cup","rich":false}
{"name":null,"city":"Bern","ordered":false,"unpaid":true,"item":"none","rich":false}
{"name":"ann","city":"Oslo","ordered":true,"unpaid":false,"item":"cup","rich":false}
{"name":"eve","city":"Oslo","ordered":false,"unpaid":true,"item":"none","rich":false}
{"name":"bob","city":"Rome","ordered":true,"unpaid":true,"item":"cup","rich":false}
{"name":"dee","city":"Rome","ordered":false,"unpaid":true,"item":"none","rich":false}
{"name":"cid","city":null,"ordered":true,"unpaid":false,"item":"cup","rich":false}
