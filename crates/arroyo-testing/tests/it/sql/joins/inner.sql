INSERT INTO out
SELECT o.id, p.id AS payment, o.amount, p.amount AS paid FROM orders o JOIN payments p ON o.id = p.order_id;
