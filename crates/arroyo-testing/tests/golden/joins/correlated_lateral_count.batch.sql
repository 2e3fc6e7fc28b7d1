WITH c AS (SELECT p.age, count(*) AS n, max(o.amount) AS most FROM (SELECT DISTINCT age FROM people) p JOIN orders o ON o.amount < p.age - 20 GROUP BY p.age)
SELECT p.name, p.age, coalesce(c.n, 0) AS n, c.most FROM people p LEFT JOIN c ON c.age = p.age;
