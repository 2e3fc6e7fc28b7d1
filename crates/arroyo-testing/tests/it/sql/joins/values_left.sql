INSERT INTO changes
SELECT c.name, c.bonus + CAST(1 AS BIGINT) AS bonus, o.id
FROM (VALUES ('ann', 10), ('nobody', -3)) AS c(name, bonus) LEFT JOIN orders o ON o.customer = c.name AND o.amount > 10;
