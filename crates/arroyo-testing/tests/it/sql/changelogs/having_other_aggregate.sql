INSERT INTO changes
SELECT bidder, sum(price) AS total FROM bids GROUP BY bidder HAVING max(price) > 80 AND count(*) < 20;
