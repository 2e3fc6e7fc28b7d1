INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o JOIN payments p ON o.customer = p.payer AND o.amount < p.amount;
