INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, channel, sum(price) AS total FROM bids GROUP BY CUBE (tumble(INTERVAL '10 seconds'), channel);
