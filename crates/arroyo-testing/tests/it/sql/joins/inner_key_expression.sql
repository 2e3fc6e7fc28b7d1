INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o JOIN payments p ON o.id + 1 = p.order_id * 2;
