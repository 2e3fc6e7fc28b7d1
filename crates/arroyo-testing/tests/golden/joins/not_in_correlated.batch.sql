SELECT id, amount FROM orders o WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE p.payer = o.customer AND (o.amount = p.amount) IS NOT FALSE);
