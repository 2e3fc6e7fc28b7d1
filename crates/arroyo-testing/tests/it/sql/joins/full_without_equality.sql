INSERT INTO changes
SELECT o.id, p.name FROM (SELECT * FROM orders WHERE id < 12) o FULL JOIN people p ON o.amount * 3 > p.age;
