INSERT INTO out
SELECT id, customer FROM orders o WHERE EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id);
