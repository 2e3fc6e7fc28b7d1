INSERT INTO out
SELECT id, customer, payer FROM (SELECT id, customer FROM orders) o NATURAL JOIN (SELECT order_id::BIGINT AS id, payer FROM payments) p;
