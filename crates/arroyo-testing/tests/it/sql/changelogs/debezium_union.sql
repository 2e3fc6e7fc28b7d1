INSERT INTO changes
SELECT customer AS name FROM orders UNION SELECT bidder FROM bids WHERE price > 90;
