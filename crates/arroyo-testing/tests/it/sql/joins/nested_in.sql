INSERT INTO out
SELECT id FROM orders WHERE id IN (SELECT order_id FROM payments WHERE payer IN (SELECT name FROM people WHERE city = 'Oslo'));
