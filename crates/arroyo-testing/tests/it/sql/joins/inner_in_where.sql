INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o, payments p WHERE o.id = p.order_id AND p.amount > 5 AND o.item <> 'hat';
