INSERT INTO changes
SELECT customer FROM orders EXCEPT ALL SELECT name FROM people;
