INSERT INTO changes
SELECT id, item FROM orders o WHERE item = 'cup' OR EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id);
