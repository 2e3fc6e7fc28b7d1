INSERT INTO out
SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM payments p WHERE o.customer = p.payer AND o.at BETWEEN p.at - INTERVAL '2 seconds' AND p.at + INTERVAL '1 second');
