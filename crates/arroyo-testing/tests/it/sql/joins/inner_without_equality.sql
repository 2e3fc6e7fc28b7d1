INSERT INTO out
SELECT o.id, p.name FROM orders o JOIN people p ON o.amount * 3 > p.age AND o.id < 8;
