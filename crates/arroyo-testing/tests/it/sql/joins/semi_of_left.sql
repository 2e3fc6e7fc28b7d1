INSERT INTO changes
SELECT j.id, j.payment FROM (SELECT o.id, o.customer, p.id AS payment FROM orders o LEFT JOIN payments p ON o.id = p.order_id) j WHERE j.payment IN (SELECT id FROM payments WHERE amount > 5) OR j.payment IS NULL;
