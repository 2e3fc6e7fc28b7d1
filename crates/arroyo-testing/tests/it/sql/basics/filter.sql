INSERT INTO out
SELECT id, price FROM bids WHERE price > 50 AND channel = 'web';
