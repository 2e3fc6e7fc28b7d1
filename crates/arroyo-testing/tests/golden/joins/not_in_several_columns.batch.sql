SELECT id FROM orders o LEFT JOIN (SELECT payer, amount AS paid FROM payments WHERE amount < 10) p ON (p.payer = o.customer AND p.paid = o.amount) IS NOT FALSE WHERE p.paid IS NULL;
