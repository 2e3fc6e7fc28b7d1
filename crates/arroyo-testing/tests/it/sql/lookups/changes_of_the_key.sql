INSERT INTO changes
SELECT t.customer, t.last, i.label, i.weight
FROM (SELECT customer, max(item) AS last FROM orders GROUP BY customer) t JOIN items i ON t.last = i.item;
