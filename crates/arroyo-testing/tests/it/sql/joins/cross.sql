INSERT INTO out
SELECT o.id, p.name FROM orders o CROSS JOIN people p WHERE o.id < 3;
