INSERT INTO changes
SELECT o.id, p.name, p.age FROM orders o FULL JOIN people p ON o.customer = p.name AND o.amount * 3 > p.age;
