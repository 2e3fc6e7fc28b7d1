INSERT INTO changes
SELECT c.city, count(*) AS orders, sum(o.amount * i.weight) AS total
FROM orders o JOIN customers c ON o.customer = c.name LEFT JOIN items i ON o.item = i.item GROUP BY c.city;
