INSERT INTO changes
SELECT id FROM orders WHERE customer = ANY (SELECT name FROM people WHERE age > 30);
