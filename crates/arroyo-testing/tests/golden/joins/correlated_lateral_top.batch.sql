WITH top AS (
    SELECT p.age, o.id, o.amount, row_number() OVER (PARTITION BY p.age ORDER BY o.amount DESC, o.id) AS n
    FROM (SELECT DISTINCT age FROM people) p JOIN orders o ON o.amount < p.age - 20)
SELECT p.name, p.age, t.id, t.amount FROM people p LEFT JOIN top t ON t.age = p.age AND t.n <= 2;
