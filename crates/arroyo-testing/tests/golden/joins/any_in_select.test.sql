--- use tables.sql
INSERT INTO changes
SELECT name, city, x,
    x < ANY (SELECT amount FROM orders) AS any_above,
    x >= ALL (SELECT amount FROM orders) AS all_below,
    x > ALL (SELECT amount FROM orders o WHERE o.customer = p.name) AS own_below,
    x <> ANY (SELECT amount FROM orders o WHERE o.customer = p.name) AS other,
    x = ALL (SELECT amount FROM orders WHERE item = 'pen') AS only,
    x <= ANY (SELECT amount FROM orders WHERE amount > 1000) AS none,
    CASE WHEN NOT x > ANY (SELECT amount FROM payments WHERE payer = 'eve') THEN 'low' ELSE 'high' END AS level
FROM (SELECT name, city, CASE WHEN name <> 'dee' THEN age - 25 END AS x FROM people) p;

--- expect changes
{"name":"ann","city":"Oslo","x":6,"any_above":true,"all_below":false,"own_below":false,"other":true,"only":false,"none":false,"level":"high"}
{"name":"eve","city":"Oslo","x":14,"any_above":true,"all_below":false,"own_below":true,"other":false,"only":false,"none":false,"level":"high"}
{"name":"cid","city":null,"x":-3,"any_above":true,"all_below":false,"own_below":false,"other":true,"only":false,"none":false,"level":"low"}
{"name":"bob","city":"Bern","x":20,"any_above":null,"all_below":null,"own_below":false,"other":true,"only":false,"none":false,"level":"high"}
{"name":null,"city":"Bern","x":null,"any_above":null,"all_below":null,"own_below":true,"other":false,"only":null,"none":false,"level":"high"}
{"name":"bob","city":"Rome","x":20,"any_above":null,"all_below":null,"own_below":false,"other":true,"only":false,"none":false,"level":"high"}
{"name":"dee","city":"Rome","x":null,"any_above":null,"all_below":null,"own_below":true,"other":false,"only":null,"none":false,"level":"high"}
