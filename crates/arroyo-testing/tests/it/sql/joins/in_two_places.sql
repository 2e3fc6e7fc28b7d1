INSERT INTO out
SELECT id FROM orders WHERE customer IN (SELECT name FROM people) AND id IN (SELECT order_id FROM payments WHERE amount > 5);
