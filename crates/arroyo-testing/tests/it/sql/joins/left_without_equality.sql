INSERT INTO changes
SELECT o.id, p.name FROM orders o LEFT JOIN people p ON o.amount * 2 > p.age AND o.id < 20;
