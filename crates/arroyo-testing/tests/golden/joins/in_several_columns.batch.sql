SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM payments p WHERE p.payer = o.customer AND p.amount = o.amount);
