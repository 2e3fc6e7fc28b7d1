INSERT INTO out
SELECT o.id, c.country
FROM orders o JOIN (VALUES ('ann', 'NO'), ('bob', 'IT'), (NULL, 'XX')) AS c(name, country) ON o.customer = c.name;
