--- use tables.sql
INSERT INTO changes
SELECT c.name, c.bonus + CAST(1 AS BIGINT) AS bonus, o.id
FROM (VALUES ('ann', 10), ('nobody', -3)) AS c(name, bonus) LEFT JOIN orders o ON o.customer = c.name AND o.amount > 10;

--- expect changes
{"bonus":-2,"id":null,"name":"nobody"}
{"bonus":11,"id":28,"name":"ann"}
{"bonus":11,"id":33,"name":"ann"}
{"bonus":11,"id":34,"name":"ann"}
{"bonus":11,"id":5,"name":"ann"}
{"bonus":11,"id":8,"name":"ann"}
{"bonus":11,"id":8,"name":"ann"}
