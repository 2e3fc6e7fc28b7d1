INSERT INTO changes
SELECT o.id, o.customer, p.id AS payment, p.amount AS paid FROM orders o LEFT JOIN payments p ON o.id = p.order_id;
