--- use tables.sql
INSERT INTO changes
SELECT city,
    count(*) FILTER (WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = p.name)) AS customers,
    count(*) FILTER (WHERE EXISTS (SELECT 1 FROM payments y WHERE y.payer = p.name)) AS payers,
    sum(CASE WHEN name IN (SELECT payer FROM payments WHERE amount > 9) THEN age END) AS ages,
    max(age - (SELECT min(amount) FROM orders)) AS above
FROM people p GROUP BY city
HAVING count(*) FILTER (WHERE EXISTS (SELECT 1 FROM payments y WHERE y.payer = p.name)) < 2;

--- expect changes
{"city":null,"customers":1,"payers":1,"ages":22,"above":17}
{"city":"Rome","customers":1,"payers":1,"ages":null,"above":53}
{"city":"Bern","customers":1,"payers":1,"ages":null,"above":65}
