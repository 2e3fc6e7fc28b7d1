INSERT INTO out
SELECT o.id, city, age FROM orders o JOIN people p ON o.customer = p.name;
