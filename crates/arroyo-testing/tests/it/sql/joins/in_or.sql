INSERT INTO changes
SELECT id, item FROM orders o WHERE item = 'cup' OR customer IN (SELECT name FROM people WHERE city = 'Rome');
