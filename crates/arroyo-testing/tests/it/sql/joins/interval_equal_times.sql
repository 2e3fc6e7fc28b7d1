INSERT INTO out
SELECT o.id, n.name FROM orders o FULL JOIN people n ON o.at = n.at;
