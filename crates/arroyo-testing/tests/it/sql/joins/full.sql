INSERT INTO changes
SELECT o.id, o.customer, p.id AS payment, p.payer FROM orders o FULL JOIN payments p ON o.id = p.order_id;
