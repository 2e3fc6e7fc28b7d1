SELECT name, city, age, row_number() OVER (PARTITION BY y.payer IS NOT NULL ORDER BY age, city) AS place
FROM people p LEFT JOIN (SELECT DISTINCT payer FROM payments) y ON y.payer = p.name;
