INSERT INTO changes
SELECT channel, median(price) AS m FROM bids GROUP BY channel;
