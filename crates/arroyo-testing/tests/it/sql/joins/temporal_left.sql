INSERT INTO out
SELECT o.id, o.customer, n.city, n.age FROM orders o LEFT JOIN people FOR SYSTEM_TIME AS OF o.at n ON o.customer = n.name;
