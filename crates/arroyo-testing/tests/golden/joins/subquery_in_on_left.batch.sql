SELECT name, p.city, o.id, o.amount FROM (SELECT *, city = 'Oslo' AS chosen FROM people) p
LEFT JOIN (SELECT o.* FROM orders o WHERE amount > (SELECT avg(amount) FROM payments) AND id IN (SELECT order_id FROM payments)) o
ON p.name = o.customer AND p.chosen;
