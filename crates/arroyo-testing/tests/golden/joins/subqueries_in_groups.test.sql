--- use tables.sql
INSERT INTO changes
SELECT name IN (SELECT customer FROM orders) AS ordered, EXISTS (SELECT 1 FROM payments y WHERE y.payer = p.name) AS paid,
    count(*) AS n, sum(age) AS ages
FROM people p GROUP BY 1, EXISTS (SELECT 1 FROM payments y WHERE y.payer = p.name);

--- expect changes
{"ordered":null,"paid":false,"n":2,"ages":128}
{"ordered":true,"paid":true,"n":4,"ages":143}
{"ordered":null,"paid":true,"n":1,"ages":39}
