INSERT INTO changes
SELECT id, customer FROM orders WHERE customer NOT IN (SELECT name FROM people WHERE name IS NOT NULL AND age > 35);
