--- use tables.sql
INSERT INTO out
SELECT o.id, c.city FROM orders o LEFT JOIN customers c ON o.customer = c.name WHERE o.at IS NULL;

--- expect out
