INSERT INTO changes
SELECT auction % 2 AS odd, upper(channel) AS name, sum(price + 1) * 2 AS s FROM bids GROUP BY auction % 2, upper(channel);
