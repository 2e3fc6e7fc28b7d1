INSERT INTO changes
SELECT channel, count(*) AS n FROM bids GROUP BY channel;
