INSERT INTO out
SELECT id, item, label FROM orders JOIN items USING (item);
