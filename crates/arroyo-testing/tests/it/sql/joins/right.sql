INSERT INTO changes
SELECT o.id, p.id AS payment, p.payer FROM orders o RIGHT JOIN payments p ON o.id = p.order_id;
