INSERT INTO changes
SELECT channel, min(at) AS first, max(at) AS last FROM bids GROUP BY channel;
