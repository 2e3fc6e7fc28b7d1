INSERT INTO changes
SELECT price, count(*) AS n FROM bids GROUP BY price;
