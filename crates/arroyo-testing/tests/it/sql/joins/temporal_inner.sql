INSERT INTO out
SELECT o.id, n.city, n.age FROM orders o JOIN people FOR SYSTEM_TIME AS OF o.at AS n ON o.customer = n.name;
