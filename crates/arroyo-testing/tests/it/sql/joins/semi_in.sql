INSERT INTO out
SELECT id, customer FROM orders WHERE customer IN (SELECT name FROM people WHERE age > 30);
