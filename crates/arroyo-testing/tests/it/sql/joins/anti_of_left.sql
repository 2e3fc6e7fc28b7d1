INSERT INTO changes
SELECT j.id, j.payment FROM (SELECT o.id, o.customer, p.id AS payment FROM orders o LEFT JOIN payments p ON o.id = p.order_id) j WHERE NOT EXISTS (SELECT 1 FROM people n WHERE n.name = j.customer);
