SELECT p.name FROM people p
WHERE EXISTS (SELECT 1 FROM orders o JOIN payments y ON y.order_id = o.id WHERE o.customer = p.name AND y.payer <> p.name);
