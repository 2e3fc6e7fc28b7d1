INSERT INTO changes
SELECT o.id, p.id AS payment FROM orders o LEFT JOIN payments p ON o.customer = p.payer AND p.amount > o.amount;
