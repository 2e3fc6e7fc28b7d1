INSERT INTO out
SELECT id, item, amount, price FROM orders NATURAL JOIN prices;
