INSERT INTO changes
SELECT channel, auction % 2 AS odd, sum(price) AS s FROM bids GROUP BY CUBE (channel, auction % 2);
