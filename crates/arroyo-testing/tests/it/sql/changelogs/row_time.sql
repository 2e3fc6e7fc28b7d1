INSERT INTO changes
SELECT channel, max(row_time()) AS last FROM bids GROUP BY channel;
