INSERT INTO changes
SELECT id, amount FROM orders o WHERE amount NOT IN (SELECT amount FROM payments p WHERE p.payer = o.customer);
