INSERT INTO changes
SELECT customer, amount FROM orders WHERE amount > 5;
