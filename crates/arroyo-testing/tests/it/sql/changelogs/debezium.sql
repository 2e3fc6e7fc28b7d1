INSERT INTO changes
SELECT id, customer, amount, double_amount, placed FROM orders;
