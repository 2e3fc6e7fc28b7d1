SELECT p.name, y.id FROM (SELECT *, age < (SELECT avg(age) FROM people) AS young FROM people) p
FULL JOIN (SELECT *, amount >= 20 AS much FROM payments) y ON p.name = y.payer AND p.young AND y.much;
