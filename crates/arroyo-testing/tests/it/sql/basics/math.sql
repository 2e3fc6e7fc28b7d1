INSERT INTO out
SELECT id, round(sqrt(price), 3) AS root, abs(50 - price) AS distance, power(auction, 2) AS square FROM bids;
