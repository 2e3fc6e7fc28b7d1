CREATE VIEW cities AS SELECT name AS who, city AS town FROM customers;
INSERT INTO out
SELECT o.id, v.town FROM orders o LEFT JOIN cities v ON v.who = o.customer;
