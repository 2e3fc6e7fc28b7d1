INSERT INTO out
SELECT id, o.customer, p.payer FROM orders o JOIN (SELECT order_id::BIGINT AS id, payer FROM payments) p USING (id);
